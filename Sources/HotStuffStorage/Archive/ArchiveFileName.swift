internal import HotStuff

/// The names of the files of an archive, which all tell the first height of their blocks.
enum ArchiveFileName {
    /// The blocks.
    static func blocks(_ first: Height) -> String { blocksPrefix + digits(first) }
    /// Where they are.
    static func index(_ first: Height) -> String { indexPrefix + digits(first) }
    /// The blocks that were fetched again because they had been damaged.
    static func repairs(_ first: Height) -> String { repairsPrefix + digits(first) }

    /// The file as which a data file comes into being; one that is found was never finished.
    static let unfinished = "blocks.new"

    /// The first height of a data file, or nothing for any other name.
    static func first(ofBlocks name: String) -> Height? { first(of: name, prefix: blocksPrefix) }

    /// The first height of the data file that an index or a file of repairs belongs to, or nothing for any other name.
    static func first(ofCompanion name: String) -> Height? {
        first(of: name, prefix: indexPrefix) ?? first(of: name, prefix: repairsPrefix)
    }

    private static let blocksPrefix = "blocks-"
    private static let indexPrefix = "index-"
    private static let repairsPrefix = "repairs-"
    private static let digitCount = 20

    private static func digits(_ height: Height) -> String {
        let digits = String(height.rawValue)
        return String(repeating: "0", count: digitCount - digits.count) + digits
    }

    private static func first(of name: String, prefix: String) -> Height? {
        guard name.hasPrefix(prefix) else { return nil }
        let digits = name.utf8.dropFirst(prefix.utf8.count)
        guard digits.count == digitCount, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return UInt64(String(decoding: digits, as: UTF8.self)).map { Height($0) }
    }
}
