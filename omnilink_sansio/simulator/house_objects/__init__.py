"""The objects of a house behind an emulated panel: each kind with its state, and its records as of now.

Describe them as literals; `demo_house` is an example. What changes them, and when, is beside this package.
"""
