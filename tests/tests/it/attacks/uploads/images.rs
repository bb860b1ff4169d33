//! U11: images, known by their headers.

use nuages::web::{ImageError, ImageLimits, UploadedFile};
use nuages_tests::Peak;

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    bytes.extend(width.to_be_bytes());
    bytes.extend(height.to_be_bytes());
    bytes.extend([8, 2, 0, 0, 0, 1, 2, 3, 4]);
    bytes
}

async fn look(bytes: Vec<u8>) -> Result<nuages::web::ImageInfo, ImageError> {
    let upload = UploadedFile::of_bytes("a.png", "image/png", bytes);
    upload.image(&ImageLimits::default()).await
}

#[tokio::test]
async fn u11_cve_2012_3443_an_image_of_ten_billion_pixels_is_refused_by_its_header() {
    let bomb = look(png(100_000, 100_000)).await;
    assert!(matches!(bomb, Err(ImageError::TooLarge(_))));
}

#[tokio::test]
async fn u11_pair_a_limit_that_allows_it_takes_it() {
    let mut limits = ImageLimits::default();
    limits.max_side = 100_000;
    limits.max_pixels = 10_000_000_000;
    let upload = UploadedFile::of_bytes("a.png", "image/png", png(100_000, 100_000));
    assert_eq!(upload.image(&limits).await.unwrap().width, 100_000);
}

#[tokio::test]
async fn u11_what_is_called_an_image_must_be_one() {
    for bytes in [
        &b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"[..],
        b"GIF89a<script>",
        b"MZ",
        b"II*\0\x08\0\0\0",
        b"",
    ] {
        let bytes = bytes.to_vec();
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        let found = look(bytes).await;
        // A GIF that is also a script has the size of its letters: its kind is what it is served as.
        assert!(
            matches!(found, Err(ImageError::Invalid | ImageError::TooLarge(_)))
                || shown.starts_with("GIF"),
            "{shown}: {found:?}"
        );
    }
    for cut in 0..png(3, 4).len() {
        assert!(look(png(3, 4)[..cut].to_vec()).await.is_err(), "{cut}");
    }
    assert_eq!(look(png(3, 4)).await.unwrap().pixels(), 12);
}

#[tokio::test]
async fn u11_cve_2012_3444_a_header_that_never_comes_is_sought_in_a_megabyte_only() {
    let mut endless = vec![0xff, 0xd8];
    for _ in 0..800 {
        endless.extend([0xff, 0xe1, 0xff, 0xff]);
        endless.extend(vec![0; 65_533]);
    }
    assert!(matches!(look(endless).await, Err(ImageError::Invalid)));
}

#[tokio::test]
async fn u11_what_an_image_would_unpack_to_is_never_unpacked() {
    use crate::attacks::wire::raw::peak_memory;
    // A header that is right, and data that would become sixty megabytes of black.
    let mut bomb = png(4000, 4000);
    let packed = {
        use flate2::write::ZlibEncoder;
        use std::io::Write;
        let mut encoder = ZlibEncoder::new(Vec::new(), flate2::Compression::best());
        for _ in 0..1000 {
            encoder.write_all(&vec![0; 64 * 1024]).unwrap();
        }
        encoder.finish().unwrap()
    };
    bomb.extend(u32::try_from(packed.len()).unwrap().to_be_bytes());
    bomb.extend(b"IDAT");
    bomb.extend(packed);
    let before = peak_memory();
    for _ in 0..100 {
        assert_eq!(look(bomb.clone()).await.unwrap().width, 4000);
    }
    assert!(peak_memory().saturating_sub(before) < 16 * 1024);
}

#[tokio::test]
async fn u11_a_tiff_that_points_to_itself_is_no_image() {
    for bytes in [
        &b"II*\0\x08\0\0\0\x01\0\0\x01\x04\0\x01\0\0\0\x01\0\0\0\x08\0\0\0"[..],
        b"MM\0*\0\0\0\x08\0\x01\x01\0\0\x04\0\0\0\x01\0\0\0\x01\0\0\0\x08",
    ] {
        assert!(matches!(
            look(bytes.to_vec()).await,
            Err(ImageError::Invalid)
        ));
    }
}

#[tokio::test]
async fn u11_no_hostile_image_costs_more_than_sixteen_megabytes() {
    let segments = |count: usize| {
        let segment = [&[0xff, 0xe1, 0xff, 0xff][..], &vec![0; 65_533]].concat();
        [&[0xff, 0xd8][..], &segment.repeat(count)].concat()
    };
    let riff = |kind: &[u8]| [b"RIFF\xff\xff\xff\xffWEBP", kind, &[0xff; 32]].concat();
    let hostile = [
        ("PNG", png(100_000, 100_000)),
        ("the largest PNG", png(u32::MAX / 2, u32::MAX / 2)),
        ("GIF", b"GIF89a\xff\xff\xff\xff\xf0\0\0".to_vec()),
        (
            "JPEG",
            b"\xff\xd8\xff\xc0\0\x11\x08\xff\xff\xff\xff\x03\x01\x22\0\x02\x11\x01\x03\x11\x01"
                .to_vec(),
        ),
        ("JPEG without a frame", segments(800)),
        (
            "JPEG of filling",
            [&[0xff, 0xd8][..], &vec![0xff; 40_000_000]].concat(),
        ),
        ("WebP, lossy", riff(b"VP8 ")),
        ("WebP, lossless", riff(b"VP8L")),
        ("WebP, extended", riff(b"VP8X\x0a\0\0\0")),
        ("TIFF", b"II*\0\x08\0\0\0\xff\xff".to_vec()),
        (
            "SVG",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".repeat(1_000_000),
        ),
        ("nothing", vec![0; 40_000_000]),
    ];
    for (name, bytes) in hostile {
        let upload = UploadedFile::of_bytes("a.png", "image/png", bytes);
        let peak = Peak::mark();
        assert!(
            upload.image(&ImageLimits::default()).await.is_err(),
            "{name}"
        );
        let grown = peak.growth_in_kib();
        assert!(grown.is_none_or(|kib| kib < 16 * 1024), "{name}: {grown:?}");
    }
}
