//! The catalog that is built into the program.

#[test]
fn the_bundled_catalog_is_sound() {
    let knowledge = tahuang_app::Knowledge::bundled().unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(knowledge.figures.printed().count(), 41, "those of the page");
    assert_eq!(knowledge.figures.iter().count(), 47, "with those of how well cases are dealt with");
}
