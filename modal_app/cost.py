"""What a deployment costs a day, as arithmetic on measured seconds and given prices."""

import math
from dataclasses import dataclass

DAY_S = 24 * 3600.0


@dataclass(frozen=True, slots=True)
class Load:
    """What is asked of a deployment, and what that takes.

    Parameters
    ----------
    requests
        A day.
    hours
        Of the day over which they come, evenly.
    seconds
        Of one request on a container that is up.
    start_s
        From the start of a container, or its restore, until it answers.
    scaledown_s
        That a container waits for another request before it ends.
    at_once
        Requests that one container serves at the same time.
    """

    requests: int
    hours: float
    seconds: float
    start_s: float
    scaledown_s: float
    at_once: int = 1

    def billed_s(self) -> float:
        """Return the seconds a day for which containers are billed.

        A request that comes after its predecessor's container has ended starts another; one that
        comes before keeps it up. More than one container can take at a time needs more of them.
        """
        if self.requests == 0:
            return 0.0
        gap = self.hours * 3600 / self.requests
        if gap > self.seconds + self.scaledown_s:
            return self.requests * (self.start_s + self.seconds + self.scaledown_s)
        containers = math.ceil(self.seconds / self.at_once / gap)
        up = min(DAY_S, self.hours * 3600 + self.start_s + self.scaledown_s)
        return containers * up
