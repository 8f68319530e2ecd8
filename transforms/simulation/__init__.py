"""The parts of the simulated district; ``transforms.simulate`` puts them together."""
