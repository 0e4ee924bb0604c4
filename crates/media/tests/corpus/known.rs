//! Where the judges differ for a reason; everything else has to agree.

/// Path, reason.
pub(crate) type Known = [(&'static str, &'static str)];

pub(crate) const KINDS: &Known = &[
    (
        "libheif/tests/data/lightning_mini.heif",
        "a HEIF newer than this ExifTool",
    ),
    (
        "libheif/tests/data/simple_osm_tile_alpha.avif",
        "a HEIF newer than this ExifTool",
    ),
    (
        "libheif/tests/data/simple_osm_tile_meta.avif",
        "a HEIF newer than this ExifTool",
    ),
    ("image-rs/qoi/basic-test.qoi", "not a format of ours"),
    (
        "nom-exif/compatible-brands-fail.heic",
        "a photo's name and a brand that nobody knows: damage, not a film",
    ),
    (
        "nom-exif/compatible-brands.heic",
        "a photo's name and a brand that nobody knows: damage, not a film",
    ),
    (
        "libheif/fuzzing/data/corpus/crash-20ca2625096a205937b809a7841e7f019f0b2dc6.heic",
        "a photo's name and a brand that nobody knows: damage, not a film",
    ),
];
pub(crate) const SIZES: &Known = &[
    (
        "image-rs/gif/anim/oob.gif",
        "Pillow grows the screen to the frame",
    ),
    (
        "image-rs/gif/simple/issue_1455_oversized.gif",
        "Pillow grows the screen to the frame",
    ),
    (
        "wuffs/artificial-gif/frame-out-of-bounds.gif",
        "Pillow grows the screen to the frame",
    ),
    ("imagemeta/sample.dng", "Pillow measures the preview"),
    ("imagemeta/sample.nef", "Pillow measures the preview"),
    (
        "avif-sample-images/kimono.crop.avif",
        "Pillow leaves the crop out",
    ),
];
pub(crate) const COLOURS: &Known = &[(
    "avif-sample-images/kimono.crop.avif",
    "Pillow leaves the crop out",
)];
/// The program that changed them last left the small picture as it was.
pub(crate) const PAINTS: &Known = &[
    (
        "exif-samples/jpg/tests/35-empty.jpg",
        "cropped since its small picture was made",
    ),
    (
        "avif-sample-images/red-at-12-oclock-with-color-profile.jpg",
        "its colour profile turns the colours round, which its small picture is made without",
    ),
    (
        "imagemeta/metadata-extractor/adobeJpeg1.jpg",
        "its small picture has other colours",
    ),
    (
        "imagemeta/metadata_demo_exif_only.jpg",
        "a bar was drawn over it since its small picture was made",
    ),
];
pub(crate) const UNDECODED: &Known = &[
    (
        "image-rs/bmp/images/lenient/badrle.bmp",
        "run lengths that lead out of the picture",
    ),
    (
        "exif-samples/heic/mobile/HMD_Nokia_8.3_5G_hdr.heif",
        "the decoder takes a property that is none for damage",
    ),
];
/// Of these, ExifTool's list leaves the tag out.
pub(crate) const UNLISTED: &Known = &[
    ("exif-samples/jpg/Nikon_D70.jpg", "lens"),
    ("imagemeta/metadata_demo_iim_and_xmp_only.jpg", "lens"),
    ("sharp/Landscape_9.jpg", "lens"),
    ("nom-exif/text-only.png", "artist"),
];

pub(crate) fn has(list: &Known, path: &str) -> bool {
    list.iter().any(|(known, _)| *known == path)
}
