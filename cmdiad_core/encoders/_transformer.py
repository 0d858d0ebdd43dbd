from torch import Tensor, nn


class Block(nn.Module):
    """One pre-norm transformer block; parameter names as in timm and both published checkpoints.

    Parameters
    ----------
    width : int
        Channels of a token.
    heads : int
        Attention heads.
    qkv_bias : bool
        Whether queries, keys and values have one.
    eps : float
        Of the layer norms.
    """

    def __init__(self, width: int, heads: int, *, qkv_bias: bool, eps: float) -> None:
        super().__init__()
        self.norm1 = nn.LayerNorm(width, eps)
        self.attn = _Attention(width, heads, qkv_bias)
        self.norm2 = nn.LayerNorm(width, eps)
        self.mlp = _Perceptron(width)

    def forward(self, tokens: Tensor) -> Tensor:
        """Return tokens (batch, n, width) after attention and perceptron."""
        tokens = tokens + self.attn(self.norm1(tokens))
        result: Tensor = tokens + self.mlp(self.norm2(tokens))
        return result


class _Attention(nn.Module):
    def __init__(self, width: int, heads: int, qkv_bias: bool) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width, bias=qkv_bias)
        self.proj = nn.Linear(width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        batch, count, _ = tokens.shape
        split = self.qkv(tokens).view(batch, count, 3, self.heads, -1)
        query, key, value = split.permute(2, 0, 3, 1, 4)  # each (batch, heads, n, channels)
        attended = nn.functional.scaled_dot_product_attention(query, key, value)
        joined: Tensor = self.proj(attended.transpose(1, 2).flatten(2))
        return joined


class _Perceptron(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, tokens: Tensor) -> Tensor:
        result: Tensor = self.fc2(nn.functional.gelu(self.fc1(tokens)))
        return result
