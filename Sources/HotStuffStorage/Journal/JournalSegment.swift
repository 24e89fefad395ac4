/// One file of a journal: a run of batches that is removed as a whole.
public struct JournalSegment: Hashable, Sendable {
    /// Its place among the segments, from 1; never given twice.
    public var number: UInt64
    /// What its maker wanted to be known without reading it.
    public var label: [UInt8]
    /// The length up to the end of its last batch, in bytes.
    public var byteCount: UInt64

    /// Creates the description of a segment.
    public init(number: UInt64, label: [UInt8], byteCount: UInt64) {
        self.number = number
        self.label = label
        self.byteCount = byteCount
    }

    /// The most bytes of a label.
    public static var maximumLabelBytes: Int { 1 << 10 }

    /// The file of a segment: `journal-` and ten digits, so that names sort as numbers do.
    package static func name(of number: UInt64) -> String {
        let digits = String(number)
        return prefix + String(repeating: "0", count: max(0, digitCount - digits.count)) + digits
    }

    /// The number of the segment that a file is, or nil if it is none.
    package static func number(of name: String) -> UInt64? {
        guard name.hasPrefix(prefix) else { return nil }
        let digits = name.utf8.dropFirst(prefix.utf8.count)
        guard digits.count == digitCount, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(name.dropFirst(prefix.count))
    }

    /// The name under which a segment comes into being; a file that is found under it was never finished.
    static func unfinishedName(of number: UInt64) -> String { name(of: number) + unfinishedSuffix }

    /// Whether a file is a segment that was never finished.
    static func isUnfinished(_ name: String) -> Bool {
        name.hasSuffix(unfinishedSuffix) && number(of: String(name.dropLast(unfinishedSuffix.count))) != nil
    }

    private static let unfinishedSuffix = ".new"
    private static let prefix = "journal-"
    private static let digitCount = 10
}
