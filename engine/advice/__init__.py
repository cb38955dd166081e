"""What would make a network learn better: advice that never stands in the way of training."""
