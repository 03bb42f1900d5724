"""What strangers, hostile files and leaked links can do: nothing that they may not."""
