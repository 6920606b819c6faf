use proptest::prelude::*;

use super::*;

/// Where a person was.
const GPS: &[u8] = b"GPSLatitude 32.5 GPSLongitude 80.1";

fn jpeg_segment(marker: u8, body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len() + 2).unwrap().to_be_bytes();
    [&[0xff, marker], &length[..], body].concat()
}

fn exif_with_place(orientation: u8) -> Vec<u8> {
    [b"Exif\0\0", &exif::only(orientation)[..], GPS].concat()
}

/// A picture of 16 by 16, with all that a telephone adds.
fn jpeg(orientation: u8) -> Vec<u8> {
    [
        vec![0xff, 0xd8],
        jpeg_segment(0xe0, &[b"JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01", &b"small picture"[..]].concat()),
        jpeg_segment(0xe1, &exif_with_place(orientation)),
        jpeg_segment(0xe1, b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>GPSLatitude"),
        jpeg_segment(0xe2, b"ICC_PROFILE\0\x01\x01colours"),
        jpeg_segment(0xe2, b"MPF\0GPS"),
        jpeg_segment(0xed, b"Photoshop 3.0\0GPS"),
        jpeg_segment(0xee, b"Adobe\0\x64\0\0\0\0\x01GPS"),
        jpeg_segment(0xfe, b"taken at the house of GPS"),
        jpeg_segment(0xdb, &[1; 65]),
        jpeg_segment(0xc0, &[8, 0, 16, 0, 16, 1, 1, 0x11, 0]),
        jpeg_segment(0xc4, &[0; 17]),
        jpeg_segment(0xda, &[1, 1, 0, 0, 63, 0]),
        b"coded\xff\x00picture\xff\xd0more".to_vec(),
        vec![0xff, 0xff, 0xd9],
        b"ftypmp42 GPS".to_vec(),
    ]
    .concat()
}

fn png_chunk(name: &[u8; 4], body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    // What is copied is not checked: a wrong sum stays as wrong as it came.
    [&length[..], name, body, b"sums"].concat()
}

fn png(orientation: u8) -> Vec<u8> {
    [
        png::SIGNATURE.to_vec(),
        png_chunk(b"IHDR", &[0, 0, 0, 16, 0, 0, 0, 16, 8, 2, 0, 0, 0]),
        png_chunk(b"tEXt", b"Location\0GPS"),
        png_chunk(b"iTXt", b"XML:com.adobe.xmp\0GPS"),
        png_chunk(b"eXIf", &[&exif::only(orientation)[..], GPS].concat()),
        png_chunk(b"tIME", &[7, 0xe9, 1, 1, 1, 1, 1]),
        png_chunk(b"acTL", &[0; 8]),
        png_chunk(b"IDAT", b"picture"),
        png_chunk(b"IEND", b""),
        b"GPS".to_vec(),
    ]
    .concat()
}

fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (name, content) in chunks {
        body.extend(*name);
        body.extend(u32::try_from(content.len()).unwrap().to_le_bytes());
        body.extend(*content);
        body.extend(std::iter::repeat_n(0, content.len() % 2));
    }
    [b"RIFF", &u32::try_from(body.len()).unwrap().to_le_bytes()[..], &body].concat()
}

const VP8: &[u8] = b"\x30\x01\0\x9d\x01\x2a\x10\0\x10\0coded";
const VP8L: &[u8] = b"\x2f\x0f\xc0\x03\0coded";

fn webp(orientation: u8) -> Vec<u8> {
    let mut bytes = riff(&[
        (b"VP8X", &[0x2c, 0, 0, 0, 15, 0, 0, 15, 0, 0]),
        (b"ICCP", b"colours"),
        (b"VP8 ", VP8),
        (b"EXIF", &[&exif::only(orientation)[..], GPS].concat()),
        (b"XMP ", b"GPS"),
        (b"ABCD", b"GPS"),
    ]);
    bytes.extend(b"GPS");
    bytes
}

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\nendobj\ntrailer\n%%EOF\n";

fn holds(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

#[test]
fn a_picture_keeps_what_shows_it_and_says_nothing_of_where_it_was_taken() {
    /// How a picture is made, and the parts that show it.
    type Shown<'s> = (MediaType, fn(u8) -> Vec<u8>, &'s [&'s [u8]]);
    let parts: [Shown<'_>; 3] = [
        (MediaType::Jpeg, jpeg, &[b"coded\xff\x00picture\xff\xd0more", b"ICC_PROFILE\0\x01\x01colours", b"Adobe"]),
        (MediaType::Png, png, &[b"IDATpicture", b"IEND"]),
        (MediaType::Webp, webp, &[VP8, b"colours"]),
    ];
    for (media_type, make, shown) in parts {
        let came = make(6);
        assert!(holds(&came, GPS), "the place is found in what came in");
        let (told, kept) = clean(&came).unwrap();
        assert_eq!(told, media_type);
        for part in shown {
            assert!(holds(&kept, part), "{media_type:?} lost {part:?}");
        }
        for trace in
            [&b"GPS"[..], b"small picture", b"xmp", b"XMP", b"Photoshop", b"MPF", b"Location", b"acTL", b"tIME"]
        {
            assert!(!holds(&kept, trace), "{media_type:?} kept {trace:?}");
        }
        assert!(kept.len() < came.len());
        assert_eq!(clean(&kept).unwrap(), (media_type, kept), "cleaned again it stays the same");
    }
}

#[test]
fn how_a_picture_has_to_be_turned_is_kept_and_an_upright_one_has_no_exif_at_all() {
    let makers: [fn(u8) -> Vec<u8>; 3] = [jpeg, png, webp];
    for make in makers {
        for orientation in 2..=8 {
            let (_, kept) = clean(&make(orientation)).unwrap();
            assert!(holds(&kept, &exif::only(orientation)), "{orientation}");
        }
        let (_, kept) = clean(&make(1)).unwrap();
        assert!(!holds(&kept, b"MM\0*") && !holds(&kept, b"eXIf") && !holds(&kept, b"EXIF"));
    }
    let flags = |orientation| clean(&webp(orientation)).unwrap().1[20];
    assert_eq!((flags(1), flags(6)), (0x20, 0x28), "the head says whether there is Exif");
}

#[test]
fn a_file_is_what_its_bytes_say_or_refused_with_a_reason() {
    let simple = riff(&[(b"VP8L", VP8L)]);
    let moving = riff(&[(b"VP8X", &[0x02, 0, 0, 0, 15, 0, 0, 15, 0, 0]), (b"ANIM", &[0; 6]), (b"ANMF", &[0; 16])]);
    let huge = |side: u8| {
        let mut png = png(1);
        png[16] = side;
        png[20] = side;
        png
    };
    let mut no_scan = jpeg(1);
    no_scan.truncate(2);
    no_scan.extend([0xff, 0xd9]);
    let large = [PDF, &vec![b' '; 8 << 20]].concat();
    let cases: Vec<(&str, &[u8], Result<MediaType, FileRefusal>)> = vec![
        ("nothing", b"", Err(FileRefusal::Empty)),
        ("a page", b"<!doctype html><script>alert(1)</script>", Err(FileRefusal::Type)),
        ("a page that begins like a paper does further on", b"<html>%PDF-1.7 %%EOF", Err(FileRefusal::Type)),
        ("a drawing", b"<svg xmlns='http://www.w3.org/2000/svg'/>", Err(FileRefusal::Type)),
        ("a GIF", b"GIF89a\x01\0\x01\0", Err(FileRefusal::Type)),
        ("an archive", b"PK\x03\x04", Err(FileRefusal::Type)),
        ("a sound in RIFF", b"RIFF\x04\0\0\0WAVE", Err(FileRefusal::Type)),
        ("a paper", PDF, Ok(MediaType::Pdf)),
        ("half a paper", &PDF[..20], Err(FileRefusal::Damaged)),
        ("a simple WebP", &simple, Ok(MediaType::Webp)),
        ("a moving WebP", &moving, Err(FileRefusal::Type)),
        ("a JPEG without a picture", &no_scan, Err(FileRefusal::Damaged)),
        ("more than 8 MiB", &large, Err(FileRefusal::TooLarge)),
    ];
    for (what, bytes, expected) in cases {
        assert_eq!(clean(bytes).map(|(media_type, _)| media_type), expected, "{what}");
    }
    assert_eq!(clean(&huge(1)).map(|_| ()), Err(FileRefusal::TooLarge), "a picture of 2^24 by 2^24");
}

#[test]
fn a_picture_that_breaks_off_is_damaged_wherever_it_breaks() {
    for (whole, needed) in [(jpeg(6), b"\xff\xff\xd9".as_slice()), (png(6), b"IENDsums".as_slice())] {
        let end = whole.windows(needed.len()).position(|window| window == needed).unwrap() + needed.len();
        for cut in 12..end {
            assert_eq!(clean(&whole[..cut]).map(|_| ()), Err(FileRefusal::Damaged), "cut after {cut} of {end}");
        }
        assert!(clean(&whole[..end]).is_ok());
    }
    let whole = webp(6);
    for cut in 12..whole.len() - 3 {
        assert_eq!(clean(&whole[..cut]).map(|_| ()), Err(FileRefusal::Damaged), "cut after {cut}");
    }
}

fn sound(bytes: &[u8]) {
    if let Ok((media_type, kept)) = clean(bytes) {
        assert!(kept.len() <= bytes.len(), "{} from {}", kept.len(), bytes.len());
        assert!(kept.capacity() <= bytes.len().max(64), "{} for {}", kept.capacity(), bytes.len());
        assert_eq!(clean(&kept).unwrap(), (media_type, kept));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_bytes_come_in_nothing_breaks_and_nothing_grows(
        begins in prop::sample::select(vec![&b""[..], b"\xff\xd8\xff", png::SIGNATURE, b"RIFF\x40\0\0\0WEBP", b"%PDF-"]),
        rest in prop::collection::vec(any::<u8>(), 0..400),
    ) {
        sound(&[begins, &rest].concat());
    }

    #[test]
    fn pictures_with_changed_bytes_break_nothing_and_never_grow(
        kind in 0..3usize,
        orientation in 0..10u8,
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in any::<prop::sample::Index>(),
        whole in any::<bool>(),
    ) {
        let makers: [fn(u8) -> Vec<u8>; 3] = [jpeg, png, webp];
        let mut bytes = makers[kind](orientation);
        for (at, value) in changes {
            let at = at.index(bytes.len());
            bytes[at] = value;
        }
        if !whole {
            bytes.truncate(cut.index(bytes.len()));
        }
        sound(&bytes);
    }
}
