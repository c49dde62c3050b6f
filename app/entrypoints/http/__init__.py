"""What every face on the web shares."""
