"""The icons of an installed kiosk, drawn by us in the colours of the tokens."""

import io


def icon_png(size: int, *, ground: str, leaf: str, masked: bool) -> bytes:
    """Return a square PNG with a leaf; a maskable one keeps clear of the outer fifth."""
    from PIL import Image, ImageDraw

    scale = 4
    wide = size * scale
    image = Image.new("RGB", (wide, wide), ground)
    draw = ImageDraw.Draw(image)
    margin = wide * (0.28 if masked else 0.2)
    left, right = margin, wide - margin
    # A leaf is what two circles have in common: its points lie on the diagonal.
    mask_a, mask_b = (Image.new("L", (wide, wide), 0) for _ in range(2))
    reach = right - left
    ImageDraw.Draw(mask_a).ellipse((left, left, left + 2 * reach, left + 2 * reach), fill=255)
    ImageDraw.Draw(mask_b).ellipse((right - 2 * reach, right - 2 * reach, right, right), fill=255)
    both = Image.new("L", (wide, wide), 0)
    both.paste(mask_a, mask=mask_b)
    image.paste(Image.new("RGB", (wide, wide), leaf), mask=both)
    width = max(2, int(wide * 0.012))
    draw = ImageDraw.Draw(image)
    draw.line((left - reach * 0.06, right + reach * 0.06, right * 0.86, left * 1.42), ground, width)
    out = io.BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(out, "PNG", optimize=True)
    return out.getvalue()
