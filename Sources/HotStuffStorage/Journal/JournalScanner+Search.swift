internal import HotStuff

/// What can be found behind the last whole batch of a segment.
extension JournalScanner {
    /// The offset of the first batch behind what is whole that this journal wrote at that place, in turn or later.
    ///
    /// A batch is written only when the one before is as durable as the mode promises; so if there is one, then what stands
    /// before it was whole once, and is not just the torn end of the last write. O(remaining bytes).
    mutating func laterBatch() throws(JournalError) -> UInt64? {
        let first = UInt8(truncatingIfNeeded: JournalBatchHead.magic)
        var later: UInt64?
        // The bad batch may itself have a good head.
        try search(for: first, followedBy: JournalBatchHead.byteCount, from: offset + 1) { scanner, place, bytes in
            let head = JournalBatchHead.authentic(bytes, at: place, scanner.seal)
            if let head, head.sequence >= scanner.sequence { later = place }
            return later == nil
        }
        return later
    }

    /// The precious records behind what is whole of which this journal's original or copy is intact, in order.
    ///
    /// Every one vouches for itself: its head and its payload have keyed checksums, with the place in the file inside,
    /// and its batch is not before what is whole. O(remaining bytes).
    mutating func salvage() throws(JournalError) -> [[UInt8]] {
        var found: [(sequence: UInt64, index: UInt32, payload: [UInt8])] = []
        let first = UInt8(truncatingIfNeeded: JournalRecordHead.Kind.precious.rawValue)
        try search(for: first, followedBy: JournalRecordHead.byteCount, from: offset) {
            scanner,
            place,
            bytes throws(JournalError) in
            guard let head = JournalRecordHead.authentic(bytes, at: place, scanner.seal),
                head.kind == .precious || head.kind == .copy, head.sequence >= scanner.sequence,
                !found.contains(where: { $0.sequence == head.sequence && $0.index == head.index }),
                let payload = try scanner.payload(behind: head, at: place)
            else { return true }
            found.append((head.sequence, head.index, payload))
            return true
        }
        return found.sorted { ($0.sequence, $0.index) < ($1.sequence, $1.index) }.map(\.payload)
    }

    private mutating func payload(
        behind head: JournalRecordHead,
        at place: UInt64
    ) throws(JournalError) -> [UInt8]? {
        guard Int(head.length) <= maximumBatchBytes,
            let payload = try bytes(Int(head.length), at: place + UInt64(JournalRecordHead.byteCount)),
            head.fits(payload, at: place, seal)
        else { return nil }
        return Array(payload)
    }

    /// Visits every place from a position on that has a byte, with so many bytes from there on, until told to stop.
    private mutating func search(
        for byte: UInt8,
        followedBy count: Int,
        from start: UInt64,
        _ visit: (inout JournalScanner, UInt64, [UInt8]) throws(JournalError) -> Bool
    ) throws(JournalError) {
        var position = start
        while window.remaining(from: position) >= UInt64(count) {
            let length = Int(min(window.remaining(from: position), UInt64(JournalScanner.stride)))
            guard let chunk = try bytes(length, at: position) else { return }
            let searched = chunk.indices.dropLast(count - 1)
            for candidate in searched where chunk[candidate] == byte {
                let place = position + UInt64(candidate - chunk.startIndex)
                guard try visit(&self, place, Array(chunk[candidate..<candidate + count])) else { return }
            }
            position += UInt64(searched.count)
        }
    }
}
