"""The one way in which a container fails: it is not what its first bytes say."""


class Broken(Exception):
    """The container does not hold what it says."""
