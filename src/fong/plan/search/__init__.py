"""Search under the full rules: sequences that are changed a little, played by the decoder, and kept when the plan is better."""
