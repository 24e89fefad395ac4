/// The commands of `Examples/words.txt`: 2,000 compound words, each put with its number.
///
/// They are made here, so that the demo needs no file; a test sees to it that the file says the same.
enum DemoWords {
    /// The first halves: 50.
    static let first = [
        "amber", "autumn", "birch", "blue", "bright", "bronze", "cedar", "clear", "cloud", "copper", "coral", "crystal",
        "dark", "dawn", "deep", "dusk", "ember", "fern", "frost", "glass", "gold", "granite", "green", "grey", "hazel",
        "iron", "ivory", "linden", "lunar", "maple", "marble", "meadow", "mist", "moon", "moss", "north", "oak",
        "ocean",
        "pearl", "pine", "rain", "river", "rose", "sand", "silver", "snow", "star", "storm", "summer", "winter",
    ]

    /// The second halves: 40.
    static let second = [
        "anchor", "arrow", "bay", "bell", "bird", "bloom", "bridge", "brook", "canyon", "castle", "coast", "crest",
        "drift",
        "falcon", "field", "flame", "flower", "forest", "garden", "gate", "grove", "harbor", "hill", "hollow", "island",
        "lantern", "light", "mill", "path", "peak", "pond", "ridge", "road", "shore", "song", "spring", "stone",
        "tower",
        "valley", "wood",
    ]

    /// The words in the order in which they are put: each step goes to another first half.
    static var words: [String] {
        second.flatMap { end in first.map { $0 + end } }
    }

    /// The text of `Examples/words.txt`.
    static var text: String {
        words.enumerated().map { "put \($0.element) \($0.offset + 1)\n" }.joined()
    }
}
