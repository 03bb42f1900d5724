"""Links that carry another link: warnings before leaving a site, log-in pages, share dialogues, embedded posts."""

from bot.domain.links.forms import compile_pattern
from bot.domain.links.hosts import FACEBOOK, FACEBOOK_OUT, GOOGLE, INSTAGRAM_OUT, TIKTOK, YOUTUBE
from bot.domain.links.urls import Address, parse

_MAX_DEPTH = 3
_GRAMMAR = {"target": r"(?P<target>.+)"}

_WRAPPERS = {
    FACEBOOK_OUT: ("**?u={target}",),
    INSTAGRAM_OUT: ("**?u={target}",),
    FACEBOOK: (
        "l.php|sharer.php|share.php|sharer?u={target}",
        "sharer/sharer.php?u={target}",
        "flx/warn/**?u={target}",
        "login/**?next={target}",
        "login.php|checkpoint?next={target}",
        "plugins/post.php|video.php?href={target}",
        "dialog/share?href={target}",
    ),
    YOUTUBE: ("redirect?q={target}", "attribution_link?u={target}"),
    TIKTOK: ("link/v2?target={target}", "login?redirect_url={target}"),
    GOOGLE: ("url?q={target}", "url?url={target}"),
}
_COMPILED = {
    host: tuple(compile_pattern(pattern, _GRAMMAR) for pattern in patterns) for host, patterns in _WRAPPERS.items()
}


def unwrap(address: Address) -> Address | None:
    """The address inside, or the address itself if it wraps nothing; None if it is wrapped more than three deep."""
    for _ in range(_MAX_DEPTH):
        inner = _target(address)
        if inner is None:
            return address
        address = inner
    return address if _target(address) is None else None


def _target(address: Address) -> Address | None:
    for pattern in _COMPILED.get(address.name or "", ()):
        if fields := pattern.match(address):
            return _parse_target(fields["target"], address)
    return None


def _parse_target(target: str, wrapper: Address) -> Address | None:
    """A target is a whole link, or a path on the wrapper's own site (`next=/groups/…`)."""
    if target.startswith("/") and not target.startswith("//"):
        return parse(f"https://{wrapper.name}{target}")
    inner = parse(target)
    # “home.php” would pass for a host of that name.
    return inner if inner and (inner.name or "//" in target) else None
