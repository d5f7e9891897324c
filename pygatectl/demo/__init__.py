"""The demo package: PersonDemo.Person and Company.Company, as the documentation of Python gateways has
them.
"""
