"""What is true about recommendations, and who may change it how. No web, no SQL, no clock."""
