"""The Results panel: figures, who is taken for whom, and answers for samples of one's own."""
