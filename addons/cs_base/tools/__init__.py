"""Arithmetic and text work of the base, without Odoo."""
