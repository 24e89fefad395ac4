/// A word for each of many command keys, in pages: sixteen numbers of one session that follow each other share one.
///
/// Commands of a session come one after the other, so that most words are found on the page of the one before, and a key takes some seven bytes
/// in place of fifty. A key that is alone on its page takes 120. All operations are O(1) on average.
package struct KeyPages: Sendable {
    private static let pageSize = 16

    /// The page of each session's sixteen numbers, named by the first of them divided by sixteen.
    private var pages = KeyTable<CommandKey, Int32>()
    /// Page by page; 0 for a key that is not here.
    private var words: [UInt32] = []
    /// How many keys are on each page.
    private var fillings: [UInt8] = []
    private var freePages: [Int32] = []
    /// The page that was asked for last, with its name.
    private var last: (name: CommandKey, page: Int)?

    /// The number of keys.
    package private(set) var count = 0

    /// Creates a table without keys.
    package init() {}

    /// The word of a key; 0 if it is not here, and it is not here any more when it is set to 0.
    package subscript(key: CommandKey) -> UInt32 {
        mutating get {
            guard let page = page(named: Self.name(of: key)) else { return 0 }
            return words[page * Self.pageSize + Self.line(of: key)]
        }
        set {
            let name = Self.name(of: key)
            guard let page = page(named: name) ?? (newValue == 0 ? nil : addPage(name)) else { return }
            let place = page * Self.pageSize + Self.line(of: key)
            let before = words[place]
            words[place] = newValue
            guard (before == 0) != (newValue == 0) else { return }
            count += newValue == 0 ? -1 : 1
            if newValue != 0 {
                fillings[page] += 1
            } else {
                fillings[page] -= 1
                if fillings[page] == 0 { removePage(name, page) }
            }
        }
    }

    /// Makes room for so many keys that lie side by side.
    package mutating func reserveCapacity(_ capacity: Int) {
        let pageCount = capacity / Self.pageSize + 1
        pages.reserveCapacity(pageCount)
        words.reserveCapacity(pageCount * Self.pageSize)
        fillings.reserveCapacity(pageCount)
    }

    private static func name(of key: CommandKey) -> CommandKey {
        CommandKey(session: key.session, sequence: key.sequence / UInt64(pageSize))
    }

    private static func line(of key: CommandKey) -> Int { Int(truncatingIfNeeded: key.sequence) & (pageSize - 1) }

    private mutating func page(named name: CommandKey) -> Int? {
        if let last, last.name == name { return last.page }
        guard let page = pages[name] else { return nil }
        last = (name, Int(page))
        return Int(page)
    }

    private mutating func addPage(_ name: CommandKey) -> Int {
        let page: Int
        if let free = freePages.popLast() {
            page = Int(free)
        } else {
            page = fillings.count
            fillings.append(0)
            words.append(contentsOf: repeatElement(0, count: Self.pageSize))
        }
        pages.insert(Int32(page), for: name)
        last = (name, page)
        return page
    }

    private mutating func removePage(_ name: CommandKey, _ page: Int) {
        pages.remove(name)
        freePages.append(Int32(page))
        last = nil
    }
}
