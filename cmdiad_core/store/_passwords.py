"""How passwords are kept: by scrypt, with a salt of their own."""

import hashlib
import hmac
import secrets

#: Cost, block size and lanes of scrypt: 32 MiB and about 0.1 s a try.
_COST = 2**15, 8, 1
_MEMORY = 64 * 2**20


def kept(password: str) -> str:
    """Return what is kept of a password."""
    salt = secrets.token_bytes(16)
    numbers = "$".join(map(str, _COST))
    return f"scrypt${numbers}${salt.hex()}${_hashed(password, salt, *_COST).hex()}"


def fits(password: str, what_is_kept: str) -> bool:
    """Return whether a password is the one that was kept."""
    _, *cost, salt, expected = what_is_kept.split("$")
    found = _hashed(password, bytes.fromhex(salt), *map(int, cost))
    return hmac.compare_digest(found, bytes.fromhex(expected))


def _hashed(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=_MEMORY)
