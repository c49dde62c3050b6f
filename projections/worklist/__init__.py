"""What waits for staff: proposals and drafts of cards. Nothing here is ever public."""
