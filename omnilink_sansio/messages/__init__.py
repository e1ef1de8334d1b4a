"""Messages of Omni-Link II, one module a subject. No names here: see the modules, or the public ones that gather
them, such as `omnilink_sansio.commands`.
"""
