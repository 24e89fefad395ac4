extension SessionTable {
    /// Writes limits and sessions, from the longest unused on, each behind its length.
    func writeSnapshot<Sink: SnapshotSink>(into sink: inout Sink) throws(Sink.Failure) {
        var head = BorshEncoder(capacity: 32)
        head.append(UInt64(limits.sessionCount))
        head.append(UInt64(limits.windowWidth))
        head.append(UInt64(limits.resultByteCount))
        head.append(UInt64(count))
        try sink.write(head.bytes)
        try sessions.visitAll { session throws(Sink.Failure) in
            var content = BorshEncoder(capacity: 1_024)
            session.encode(into: &content)
            var length = BorshEncoder(capacity: 4)
            length.appendCount(content.byteCount)
            try sink.write(length.bytes)
            try sink.write(content.finish())
        }
    }

    /// Restores a table whose limits must be these, and whose sessions and results none above a height.
    init<Source: SnapshotSource>(
        limits: SessionLimits,
        upTo height: Height,
        from source: inout Source
    ) throws(SnapshotError) {
        self.init(limits: limits)
        let expected = [limits.sessionCount, limits.windowWidth, limits.resultByteCount].map { UInt64($0) }
        for limit in expected {
            let found = try source.readUInt64()
            guard found == limit else { throw .contradictory("a limit of sessions is \(found) where \(limit) is") }
        }
        let count = try source.readUInt64()
        guard count <= UInt64(limits.sessionCount) else { throw .contradictory("\(count) sessions") }
        for _ in 0..<count {
            let bytes = try source.readBytes(maximum: Session.maximumEncodedSize(limits: limits))
            var decoder = BorshDecoder(bytes)
            let session: Session
            do {
                session = try Session(limits: limits, upTo: height, from: &decoder)
                try decoder.finish()
            } catch {
                throw .malformed(error)
            }
            guard !contains(session.id) else { throw .contradictory("session \(session.id) is there twice") }
            restore(session)
        }
    }
}

extension SessionTable.Session: BorshEncodable {
    /// The most bytes of a session: a result is charged more than its encoding takes.
    static func maximumEncodedSize(limits: SessionLimits) -> Int {
        let words = (limits.windowWidth - 1) / UInt64.bitWidth + 1
        return SessionID.minimumEncodedSize + 8 + 8 * words + 4 + limits.resultByteCount
    }

    /// Appends name, window and results.
    func encode(into encoder: inout BorshEncoder) {
        encoder.append(id)
        encoder.append(window)
        encoder.append(results)
    }

    /// Reads a session that could have come about up to a height.
    init(limits: SessionLimits, upTo height: Height, from decoder: inout BorshDecoder) throws(DecodingError) {
        let id: SessionID = try decoder.read()
        // A session of a later height would be opened a second time.
        guard id != .none, id.height <= height else { throw .notCanonical }
        let window = try SequenceWindow(width: limits.windowWidth, from: &decoder)
        let list = try decoder.readList(of: CommandResult.self, maximum: limits.resultByteCount)
        var results = ResultCache(maximumByteCount: limits.resultByteCount, windowWidth: limits.windowWidth)
        var known: Set<UInt64> = []
        for result in list {
            guard result.key.session == id, result.height <= height, case .executed = result.outcome,
                window.mayHaveUsed(result.key.sequence), known.insert(result.key.sequence).inserted
            else { throw .notCanonical }
            results.insert(result)
        }
        // Results that do not fit would have been dropped before.
        guard results.count == list.count else { throw .notCanonical }
        self.init(id: id, window: window, results: results)
    }
}
