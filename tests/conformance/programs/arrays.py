"""numpy, where the server's interpreter has it; here none is needed."""

import operator

from programs import needs, without_text


@needs("numpy")
def an_array(world):
    array = world.invoke("numpy.", "array", [[1, 2, 3], [4, 5, 6]])
    return (
        array,
        array.shape,
        array.ndim,
        array.size,
        str(array.dtype),
        len(array),
        array.T,
        array.sum(),
        array.mean(axis=0),
    )


@needs("numpy")
def items_and_slices_of_an_array(world):
    array = world.invoke("numpy.", "arange", 12).reshape(3, 4)
    return (
        array[0],
        array[1, 2],
        array[:, 1],
        array[::2, 1:3],
        array[-1][-1],
        array[..., 0],
        array[[0, 2]],
        world.raised(operator.getitem, array, 9),
    )


@needs("numpy")
def an_array_is_changed(world):
    array = world.invoke("numpy.", "zeros", 6)
    array[0] = 1
    array[1:3] = [5, 6]
    array[array == 0] = -1
    array += 1
    array.shape = (2, 3)
    return array, array.tolist(), array[0].tolist()


@needs("numpy")
def arithmetic_of_arrays(world):
    one, two = world.invoke("numpy.", "array", [1.0, 2.0]), world.invoke("numpy.", "array", [3.0, 4.0])
    return (
        one + two,
        one * 2,
        2 * one,
        1 - one,
        one @ two,
        one**2,
        -one,
        abs(-one),
        one / two,
        one // 1,
        divmod(two, 2),
        2**one,
    )


@needs("numpy")
def comparisons_of_arrays(world):
    one, two = world.invoke("numpy.", "array", [1, 5]), world.invoke("numpy.", "array", [3, 5])
    return (
        one == two,
        one < two,
        (one == two).all(),
        (one != 1).any(),
        one[one > 2],
        world.raised(bool, one == two),
        5 in one,
    )


@needs("numpy")
def masks_and_fancy_indices(world):
    array = world.invoke("numpy.", "arange", 10)
    return (
        array[array % 2 == 0],
        array[(array > 2) & (array < 6)],
        array[[1, 3]],
        world.invoke("numpy.", "where", array > 7, array, 0),
    )


@needs("numpy")
def an_array_is_iterated(world):
    array = world.invoke("numpy.", "arange", 6).reshape(2, 3)
    return (
        [row.tolist() for row in array],
        [int(n) for row in array for n in row],
        list(map(int, array.flat)),
        sum(array[0]) == 3,
    )


@needs("numpy")
def functions_over_arrays(world):
    array = world.invoke("numpy.", "linspace", 0, 1, 5)
    invoke = world.invoke
    return (
        invoke("numpy.", "sum", array),
        invoke("numpy.", "sqrt", array).round(2),
        invoke("numpy.", "stack", [array, array]).shape,
        invoke("numpy.", "concatenate", (array, array)).size,
        invoke("numpy.", "allclose", array, array.tolist()),
    )


@needs("numpy")
def views_share_their_memory(world):
    array = world.invoke("numpy.", "zeros", 4)
    view, copy = array[1:3], array.copy()
    view[:] = 7
    return array, copy, view.base is array


@needs("numpy")
def dtypes(world):
    array = world.invoke("numpy.", "array", [1, 2], dtype="int16")
    return (
        array.dtype,
        array.astype(float),
        array.dtype.itemsize,
        array.dtype == "int16",
        world.invoke("numpy.", "dtype", "f4").name,
        array.astype(bool).tolist(),
    )


@needs("numpy")
def linear_algebra(world):
    matrix = world.invoke("numpy.", "array", [[2.0, 0.0], [0.0, 4.0]])
    return (
        world.invoke("numpy.linalg.", "inv", matrix),
        world.invoke("numpy.linalg.", "det", matrix),
        world.invoke("numpy.", "dot", matrix, [1, 1]),
    )


@needs("numpy")
def errors_of_numpy(world):
    one, two = world.invoke("numpy.", "zeros", 2), world.invoke("numpy.", "zeros", 3)
    singular = world.invoke("numpy.", "zeros", (2, 2))
    error = world.raised(world.invoke, "numpy.linalg.", "inv", singular)
    return (
        world.raised(operator.add, one, two),
        type(error).__name__,
        str(error),
        isinstance(error, ValueError),
        world.raised(one.reshape, 7),
    )


@needs("numpy")
def random_numbers_of_numpy(world):
    generator = world.invoke("numpy.random.", "default_rng", 5)
    return generator.integers(0, 10, 5), generator.normal(size=2).shape, generator.choice([1, 2, 3])


@needs("numpy")
def scalars_of_numpy(world):
    array = world.invoke("numpy.", "array", [1.5, 2.5])
    return (
        float(array[0]) + 1,
        array[0] + 1 == 2.5,
        round(float(array[1])),
        "{:.2f}".format(array[0]),
        array.max() > 2,
        int(array.argmax()),
    )


@needs("numpy")
@without_text("the axes are named in other words")
def methods_of_arrays(world):
    array = world.invoke("numpy.", "array", [3, 1, 2])
    array.sort()
    return (
        array,
        array.argsort(),
        array.cumsum(),
        array.clip(1, 2),
        array.tobytes()[:1],
        array.any(),
        world.raised(array.sum, axis=4),
    )


@needs("numpy")
def structured_arrays(world):
    array = world.invoke("numpy.", "array", [(1, 2.5), (3, 4.5)], dtype=[("a", "i4"), ("b", "f8")])
    return array["a"], array[0]["b"], array.dtype.names, array[array["a"] > 1]["b"].tolist()


@needs("pandas")
def a_data_frame(world):
    frame = world.new("pandas.DataFrame", {"a": [1, 2, 3], "b": ["x", "y", "z"]})
    return (
        frame.shape,
        list(frame.columns),
        len(frame),
        frame["a"].tolist(),
        frame.a.sum(),
        str(frame),
        frame.to_dict(),
        "a" in frame,
    )


@needs("pandas")
def a_data_frame_is_changed(world):
    frame = world.new("pandas.DataFrame", {"a": [1, 2, 3]})
    frame["b"] = frame["a"] * 2
    frame["c"] = [7, 8, 9]
    frame.loc[1, "a"] = 20
    del frame["c"]
    frame.columns = ["x", "y"]
    return frame.to_dict("list"), frame.iloc[1].tolist(), frame.loc[0, "x"], frame.iat[2, 1]


@needs("pandas")
def rows_are_chosen(world):
    frame = world.new("pandas.DataFrame", {"a": [1, 2, 3], "b": list("xyz")})
    return (
        frame[frame["a"] > 1].to_dict("list"),
        frame[frame.b == "x"].index.tolist(),
        frame.query("a < 3").shape,
        frame[1:].shape,
        frame[["b"]].columns.tolist(),
    )


@needs("pandas")
def groups(world):
    frame = world.new("pandas.DataFrame", {"k": list("aab"), "v": [1, 2, 3]})
    grouped = frame.groupby("k")
    return (
        grouped["v"].sum().to_dict(),
        [(key, len(part)) for key, part in grouped],
        grouped.agg({"v": "max"}).to_dict(),
        frame.v.mean(),
    )


@needs("pandas")
def functions_of_this_side_on_frames(world):
    frame = world.new("pandas.DataFrame", {"a": [1, 2]})
    return (
        frame["a"].apply(lambda n: n * 10).tolist(),
        frame.apply(lambda row: row["a"] + 1, axis=1).tolist(),
        frame["a"].map({1: "one"}).tolist(),
    )


@needs("pandas")
def a_series(world):
    series = world.new("pandas.Series", [1, 2, 3], index=list("abc"), name="s")
    return (
        series["b"],
        series.b,
        (series * 2).tolist(),
        (series + series).tolist(),
        (2 - series).tolist(),
        series > 1,
        list(series),
        dict(series),
        series.name,
        "a" in series,
        len(series),
        series[series > 1].index.tolist(),
    )


@needs("pandas")
def rows_are_iterated(world):
    frame = world.new("pandas.DataFrame", {"a": [1, 2], "b": [3, 4]})
    return (
        [(index, row["a"]) for index, row in frame.iterrows()],
        [row.b for row in frame.itertuples()],
        list(frame),
        [(name, column.sum()) for name, column in frame.items()],
    )


@needs("pandas")
def frames_are_joined(world):
    one, two = (
        world.new("pandas.DataFrame", {"k": [1, 2], "a": [5, 6]}),
        world.new("pandas.DataFrame", {"k": [2, 3], "b": [7, 8]}),
    )
    return (
        one.merge(two, on="k").to_dict("list"),
        world.invoke("pandas.", "concat", [one, one]).shape,
        one.sort_values("a", ascending=False).k.tolist(),
    )


@needs("pandas")
def csv_of_frames(world):
    frame = world.invoke("pandas.", "read_csv", world.new("io.StringIO", "a,b\n1,x\n2,y\n"))
    out = world.new("io.StringIO")
    frame.to_csv(out, index=False)
    return out.getvalue(), frame.dtypes["a"].name, frame.to_csv(index=False)


@needs("pandas")
def a_file_of_this_side_is_read_into_a_frame(world):
    import io

    return world.invoke("pandas.", "read_csv", io.StringIO("a\n1\n2\n"))["a"].sum()


@needs("pandas")
def times_of_pandas(world):
    stamp = world.new("pandas.Timestamp", "2024-02-29 12:00")
    index = world.invoke("pandas.", "date_range", "2024-01-01", periods=3)
    return (
        stamp.year,
        str(stamp + world.new("pandas.Timedelta", days=1)),
        [str(each.date()) for each in index],
        stamp > world.new("pandas.Timestamp", "2023-01-01"),
        stamp.day_name(),
        index[0].isoformat(),
    )


@needs("pandas")
def errors_of_pandas(world):
    frame = world.new("pandas.DataFrame", {"a": [1]})
    return (
        world.raised(operator.getitem, frame, "none"),
        world.raised(getattr, frame, "none"),
        type(world.raised(bool, frame)).__name__,
        world.raised(world.new("pandas.Series", [1]).astype, "nonsense") is not None,
    )
