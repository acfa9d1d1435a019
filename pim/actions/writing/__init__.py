"""The steps of the one set-wise write path; `pim.actions.products` puts them in order."""
