{
    "name": "Customer Service Toy",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "summary": "Two kinds of matter, as small as they can be",
    "author": "CS Suite",
    "license": "LGPL-3",
    "depends": ["cs_base"],
    "data": [
        "security/ir.model.access.csv",
        "security/cs_toy_security.xml",
        "data/cs_toy_data.xml",
        "views/cs_toy_views.xml",
    ],
    "assets": {
        "web.assets_tests": ["cs_toy/static/tests/tours/**/*"],
    },
    "uninstall_hook": "uninstall_hook",
}
