"""Pictures by a seed as Pillow writes, damages and reads them: `python3 pictures.py 300 1 [largest side] [pixels] > pictures.json`.

Each case has the file (base64), and what Pillow made of it: upright RGB (zlib, base64), size and mode, or `error`;
with `pixels`, what the CLIP processor of transformers made of that too;
`exact` says whether decoders may differ by rounding (JPEG in browsers, AVIF everywhere).
"""

import base64
import io
import json
import random
import struct
import sys
import warnings
import zlib

import numpy as np
from PIL import Image, ImageOps

warnings.simplefilter("ignore")
LARGEST = int(sys.argv[3]) if len(sys.argv) > 3 else 40
PROCESSOR = None
if sys.argv[4:] == ["pixels"]:
    sys.modules["torchvision"] = None  # Not asked for, and often of another version than torch.
    from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

    PROCESSOR = CLIPImageProcessorPil(size={"shortest_edge": 16}, crop_size={"height": 16, "width": 16})


def picture(rng, mode, least=5):
    """Blocks of colour with a gradient, small enough to be stored."""
    width, height = rng.randint(least, LARGEST), rng.randint(least, LARGEST)
    values = np.random.default_rng(rng.randrange(1 << 30))
    blocks = values.integers(0, 256, ((height + 4) // 5, (width + 4) // 5, 4), dtype=np.uint8)
    rgba = np.kron(blocks, np.ones((5, 5, 1), np.uint8))[:height, :width].copy()
    rgba[..., 0] = (np.arange(width) * 255 // width)[None, :]
    image = Image.fromarray(rgba, "RGBA")
    if mode == "P":
        return image.convert("RGB").quantize(rng.choice([2, 3, 9, 16, 200]))
    if mode == "PA":
        image = image.convert("RGB").quantize(rng.choice([4, 16, 200]))
        image.info["transparency"] = rng.randrange(4)
        return image
    if mode == "LA":
        return image.convert("LA")
    return image.convert(mode)


def exif_block(rng, orientation):
    """An EXIF block with one tag, of any numeric or other type and either byte order."""
    order = rng.choice("<>")
    kinds = {1: "B", 2: "s", 3: "H", 4: "L", 5: "LL", 6: "b", 7: "B", 8: "h", 9: "l", 10: "ll", 11: "f", 12: "d"}
    kind = rng.choice([3, 3, 3, 3, *kinds])
    if kind == 2:
        value = str(orientation).encode()
    elif kind in (5, 10):
        value = struct.pack(order + kinds[kind], orientation, 1)
    else:
        value = struct.pack(order + kinds[kind], orientation)
    others = rng.randint(0, 2)
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "L", 8)
    body = struct.pack(order + "H", 1 + others)
    for tag in range(others):
        body += struct.pack(order + "HHLHH", 0x100 + tag, 3, 1, 5, 0)
    after = 8 + 2 + 12 * (1 + others) + 4
    stored = struct.pack(order + "L", after) if len(value) > 4 else value.ljust(4, b"\0")
    body += struct.pack(order + "HHL", 0x112, kind, 1) + stored + struct.pack(order + "L", 0)
    return head + body + (value if len(value) > 4 else b"")


def xmp_block(rng, orientation):
    inner = rng.choice([f'<rdf:Description tiff:Orientation="{orientation}"/>', f"<tiff:Orientation>{orientation}</tiff:Orientation>"])
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>{inner}</rdf:RDF></x:xmpmeta>'.encode()


def segment(marker, data):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def save(image, kind, **options):
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def metadata(rng):
    """EXIF and XMP, either or both, each with an orientation."""
    which = rng.choice(["none", "exif", "exif", "xmp", "both"])
    exif = exif_block(rng, rng.randint(0, 9)) if which in ("exif", "both") else None
    xmp = xmp_block(rng, rng.randint(0, 9)) if which in ("xmp", "both") else None
    return exif, xmp


def jpeg(rng):
    mode = rng.choice(["RGB", "RGB", "RGB", "L", "CMYK"])
    file = save(picture(rng, mode), "JPEG", quality=rng.choice([60, 90, 100]), progressive=rng.random() < 0.3,
                subsampling=rng.choice([0, 1, 2]))
    exif, xmp = metadata(rng)
    extra = b""
    if exif:
        cut = rng.choice([len(exif), 20])
        extra += segment(0xE1, b"Exif\0\0" + exif[:cut]) + (segment(0xE1, b"Exif\0\0" + exif[cut:]) if exif[cut:] else b"")
    if xmp:
        extra += segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp)
    if rng.random() < 0.2:
        extra += rng.choice([b"\x00\x01\x02", b"\xff\xff\xff", b"\xff\x00", b"junk"])
    first = 2 + 2 + struct.unpack(">H", file[4:6])[0]
    file = file[:first] + extra + file[first:]
    if rng.random() < 0.2:
        file += rng.choice([b"\0" * 9, b"after", save(picture(rng, "L"), "JPEG")])
    if rng.random() < 0.12:
        file = file[: -rng.choice([1, 2, 20, len(file) // 2])]
    return file, True


def ink(rng):
    """A JPEG of four inks: also without Adobe's segment, and with one that says YCCK, or what does not exist."""
    file = save(picture(rng, "CMYK"), "JPEG", quality=rng.choice([60, 90, 100]), progressive=rng.random() < 0.3,
                subsampling=rng.choice([0, 1, 2]))
    start = file.index(b"\xff\xee")
    end = start + 2 + struct.unpack(">H", file[start + 2 : start + 4])[0]
    said = rng.choice([file[start:end], b"", file[start : end - 1] + b"\2", file[start : end - 1] + b"\1"])
    file = file[:start] + said + file[end:]
    if rng.random() < 0.1:
        file = file[: -rng.choice([1, 2, 20, len(file) // 2])]
    return file, True


def two_pictures(rng):
    """A JPEG with a second one behind it: MPF, or Ultra HDR, whose second picture says how bright the first may be."""
    image = picture(rng, "RGB", 8)
    gain = save(image.convert("L").resize((4, 4)), "JPEG")
    first = save(image, "JPEG", quality=90)
    names = b'xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/" xmlns:Container="http://ns.google.com/photos/1.0/container/"'
    extra = b""
    if rng.random() < 0.6:
        item = b'<rdf:li rdf:parseType="Resource"><Container:Item Item:Semantic="%s" Item:Mime="image/jpeg"%s/></rdf:li>'
        items = item % (b"Primary", b"") + item % (b"GainMap", b' Item:Length="%d"' % len(gain))
        xmp = (
            b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
            b'<rdf:Description ' + names + b' xmlns:Item="http://ns.google.com/photos/1.0/container/item/" hdrgm:Version="1.0">'
            b"<Container:Directory><rdf:Seq>" + items + b"</rdf:Seq></Container:Directory></rdf:Description></rdf:RDF></x:xmpmeta>"
        )
        extra += segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp)
        values = b'hdrgm:Version="1.0" hdrgm:GainMapMin="0" hdrgm:GainMapMax="2" hdrgm:HDRCapacityMin="0" hdrgm:HDRCapacityMax="2"'
        of_gain = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description ' + names + b" " + values + b"/></rdf:RDF></x:xmpmeta>"
        gain = gain[:20] + segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + of_gain) + gain[20:]
    if rng.random() < 0.5:
        extra = segment(0xE1, b"Exif\0\0" + exif_block(rng, rng.randint(1, 8))) + extra
    # MPF: version, number of pictures, their table; offsets count from its byte order.
    size = 4 + 4 + 8 + 2 + 3 * 12 + 4 + 32
    start = 20 + len(extra)
    total = len(first) + len(extra) + size
    entries = struct.pack("<LLLHH", 0x030000, total, 0, 0, 0) + struct.pack("<LLLHH", 0, len(gain), total - (start + 8), 0, 0)
    tags = struct.pack("<HHL4s", 0xB000, 7, 4, b"0100") + struct.pack("<HHLL", 0xB001, 4, 1, 2) + struct.pack("<HHLL", 0xB002, 7, 32, 50)
    extra += segment(0xE2, b"MPF\0II*\0" + struct.pack("<LH", 8, 3) + tags + struct.pack("<L", 0) + entries)
    return first[:20] + extra + first[20:] + gain, True


def png(rng):
    mode = rng.choice(["RGB", "RGBA", "L", "LA", "P", "PA", "1"])
    image = picture(rng, mode)
    file = save(image, "PNG", **({"transparency": image.info["transparency"]} if mode == "PA" else {}))
    exif, xmp = metadata(rng)
    extra = b""
    if exif:
        text = "\nexif\n%8d\n%s\n" % (len(exif) + 6, (b"Exif\0\0" + exif).hex())
        profile = b"Raw profile type exif\0"
        extra += rng.choice([
            chunk(b"eXIf", exif),
            chunk(b"tEXt", profile + text.encode()),
            chunk(b"zTXt", profile + b"\0" + zlib.compress(text.encode())),
        ])
    if xmp:
        packed = rng.random() < 0.5
        extra += chunk(b"iTXt", b"XML:com.adobe.xmp\0" + bytes([packed, 0]) + b"\0\0" + (zlib.compress(xmp) if packed else xmp))
    at = rng.choice([33, len(file) - 12])
    file = file[:at] + extra + file[at:]
    damage = rng.random()
    start = file.index(b"IDAT")
    end = start + 4 + struct.unpack(">I", file[start - 4 : start])[0]
    if damage < 0.06:
        file = file[: file.rindex(b"IEND") - 4]
    elif damage < 0.12:
        file = file[:end] + b"\1\2\3\4" + file[end + 4 :]
    elif damage < 0.15:
        file = file[: end - 4] + b"\1\2\3\4" + file[end:]
    elif damage < 0.2:
        file = file[: end - rng.choice([1, 2, 4, 9])]
    elif damage < 0.24:
        file = file[:29] + b"\1\2\3\4" + file[33:]
    elif damage < 0.28:
        file += b"after the end"
    elif damage < 0.32:
        file = file[:end] + chunk(b"IDAT", b"")[4:][:0] + file[end:]
    return file, True


def gif(rng):
    mode = rng.choice(["P", "P", "L", "1", "PA"])
    image = picture(rng, mode)
    options = {"interlace": rng.random() < 0.5}
    if rng.random() < 0.4:
        options["transparency"] = rng.randrange(4)
    if rng.random() < 0.3:
        options |= {"save_all": True, "append_images": [image.rotate(180)], "duration": 50}
    file = save(image, "GIF", **options)
    if rng.random() < 0.3:
        # A screen larger than the frame.
        width, height = struct.unpack("<HH", file[6:10])
        file = file[:6] + struct.pack("<HH", width + rng.randint(0, 9), height + rng.randint(0, 9)) + file[10:]
    if rng.random() < 0.1:
        file = file[: len(file) * 3 // 4]
    return file, True


def webp(rng):
    mode = rng.choice(["RGB", "RGBA", "RGBA", "L"])
    exif, xmp = metadata(rng)
    options = {"lossless": rng.random() < 0.5, "quality": 90, "exact": True}
    if exif:
        options["exif"] = rng.choice([b"", b"Exif\0\0"]) + exif
    if xmp:
        options["xmp"] = xmp
    image = picture(rng, mode)
    if rng.random() < 0.3:
        options |= {"save_all": True, "append_images": [image.rotate(180)], "duration": 50}
    file = save(image, "WEBP", **options)
    if rng.random() < 0.1:
        file = file[:-9]
    return file, True


def avif(rng):
    image = picture(rng, rng.choice(["RGB", "RGBA"]), 16)  # The encoder dies of smaller ones.
    options = {"quality": 100, "subsampling": "4:4:4"}
    kind = rng.choice(["turned", "noted", "plain", "plain"])
    exif = Image.Exif()
    if kind == "turned":
        exif[0x112] = rng.randint(1, 8)
    elif kind == "noted":
        exif[0x100] = rng.randint(1, 8)
    if kind != "plain":
        options["exif"] = exif
    if rng.random() < 0.5:
        options["xmp"] = xmp_block(rng, rng.randint(0, 9))
    if kind != "turned" and rng.random() < 0.4:  # The encoder dies of turned sequences.
        options |= {"save_all": True, "append_images": [image.rotate(180)], "duration": 50}
    file = save(image, "AVIF", **options)
    if kind == "noted" and rng.random() < 0.5:
        # An orientation in EXIF alone: the encoder would turn the image by it.
        file = file.replace(b"\x01\x00\x00\x03\x00\x00\x00\x01", b"\x01\x12\x00\x03\x00\x00\x00\x01")
    if rng.random() < 0.3 and file[8:12] == b"avif":
        file = file[:8] + b"mif1" + file[12:]
    return file, False


def bmp(rng):
    mode = rng.choice(["RGB", "RGBA", "L", "P", "1", "RGB16", "runs"])
    image = picture(rng, {"RGB16": "RGB", "runs": "P"}.get(mode, mode))
    if mode in ("RGB16", "runs"):
        return (bmp16 if mode == "RGB16" else bmp_runs)(rng, image), True
    file = save(image, "BMP")
    if rng.random() < 0.3:
        # From top to bottom.
        (height,) = struct.unpack("<i", file[22:26])
        file = file[:22] + struct.pack("<i", -height) + file[26:]
    if rng.random() < 0.1:
        file = file[:-9]
    return file, True


def bmp_file(image, bits, compression, extra, data):
    head = struct.pack("<LiiHHLLiiLL", 40, image.width, image.height, 1, bits, compression, len(data), 1, 1, 0, 0)
    at = 14 + len(head) + len(extra)
    return b"BM" + struct.pack("<LHHL", at + len(data), 0, 0, at) + head + extra + data


def bmp16(rng, image):
    rgb = np.asarray(image).astype(np.uint16)[::-1]
    green = rng.choice([5, 6])
    words = (rgb[..., 0] >> 3) << (5 + green) | (rgb[..., 1] >> (8 - green)) << 5 | rgb[..., 2] >> 3
    rows = b"".join(row.astype("<u2").tobytes().ljust((image.width * 2 + 3) // 4 * 4, b"\0") for row in words)
    masks = struct.pack("<LLL", 0xF800, 0x7E0, 0x1F) if green == 6 else b""
    return bmp_file(image, 16, 3 if masks else 0, masks, rows)


def bmp_runs(rng, image):
    palette = np.asarray(image.getpalette()).reshape(-1, 3)
    palette = np.vstack([palette, np.zeros((256, 3), palette.dtype)])[:256]
    colors = b"".join(bytes([int(b), int(g), int(r), 0]) for r, g, b in palette)
    data = b""
    for row in np.asarray(image)[::-1]:
        for value in row[: rng.choice([len(row), len(row), 3])]:
            data += bytes([1, int(value)])
        data += b"\0\0"
    return bmp_file(image, 8, 1, colors, data + b"\0\1")


def tiff(rng):
    mode = rng.choice(["RGB", "RGBA", "L", "LA", "P", "1", "CMYK"])
    packing = rng.choice([None, "tiff_lzw", "tiff_adobe_deflate", "packbits"])
    exif, _ = metadata(rng)
    options = {"compression": packing} if packing else {}
    if rng.random() < 0.4:
        options["tiffinfo"] = {0x112: rng.randint(1, 8)}
    file = save(picture(rng, mode), "TIFF", **options)
    if rng.random() < 0.1:
        file = file[: len(file) // 2]
    return file, True


def packed(rng):
    """A TIFF with fax, JPEG or Zstandard inside."""
    packing = rng.choice(["group3", "group4", "tiff_ccitt", "jpeg", "jpeg", "zstd"])
    fax = packing in ("group3", "group4", "tiff_ccitt")
    mode = "1" if fax else rng.choice(["RGB", "L", "CMYK"] + (["YCbCr"] if packing == "jpeg" else ["RGBA", "LA"]))
    options = {"compression": packing, "tiffinfo": {0x112: rng.randint(1, 8)}}
    if fax:
        options["tiffinfo"] |= {262: rng.randint(0, 1), 266: rng.randint(1, 2)}
    if packing == "group3":
        options["tiffinfo"][292] = rng.choice([0, 1, 4, 5])
    if packing == "jpeg":
        options["quality"] = rng.choice([60, 95])
        if rng.random() < 0.5:
            options["tiffinfo"][278] = 8
    file = save(picture(rng, mode), "TIFF", **options)
    if rng.random() < 0.1:
        file = file[: len(file) // 2]
    return file, True


KINDS = {"jpeg": jpeg, "two": two_pictures, "png": png, "gif": gif, "webp": webp, "avif": avif, "bmp": bmp, "tiff": tiff, "ink": ink, "packed": packed}


def reference(file):
    """What Pillow makes of a file: upright RGB, or the kind of its error."""
    try:
        image = Image.open(io.BytesIO(file))
        mode = image.mode
        image.load()
        upright = ImageOps.exif_transpose(image)
        rgb = upright.convert("RGB")
    except Exception as error:
        return {"error": type(error).__name__}
    made = {"size": rgb.size, "mode": mode, "rgb": base64.b64encode(zlib.compress(rgb.tobytes(), 9)).decode()}
    if PROCESSOR:
        pixels = PROCESSOR(images=upright, return_tensors="np")["pixel_values"][0].transpose(1, 2, 0)
        made["pixels"] = base64.b64encode(pixels.astype("<f4").tobytes()).decode()
    return made


def cases(count, seed):
    rng = random.Random(seed)
    kinds = list(KINDS)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        file, exact = KINDS[kind](rng)
        yield {"name": f"{kind} {number}", "exact": exact, "file": base64.b64encode(file).decode(), **reference(file)}


if __name__ == "__main__":
    json.dump(list(cases(int(sys.argv[1]), int(sys.argv[2]))), sys.stdout)
