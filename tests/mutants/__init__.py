"""Mutation testing of what decides: whether the tests notice when one small thing of it is done otherwise."""
