"""Evidence: a source that assessments rest on."""
