"""The command centre: today's figures, the board, the map."""
