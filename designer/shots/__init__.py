"""Pictures of the real window in every state that a person can bring it into."""
