"""The steps of taking back what a job wrote; `pim.actions.undo` puts them in order."""
