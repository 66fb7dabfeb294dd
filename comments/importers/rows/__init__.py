"""How rows are read out of the files of other systems, whatever their size and whoever wrote them."""
