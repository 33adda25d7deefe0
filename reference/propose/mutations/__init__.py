"""Small changes of the program itself, the likeliest first."""

from reference.propose.mutations.search import propose_mutations
from reference.propose.mutations.weights import MutationWeights, learned_weights

__all__ = ["MutationWeights", "learned_weights", "propose_mutations"]
