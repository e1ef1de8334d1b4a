"""What happens in an emulated house: one module a subject, functions of the house.

Time (`pass_time`), stimuli (`apply`) and the requests of clients call them.
"""
