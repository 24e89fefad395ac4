import HotStuff
import Testing

@Suite("Snapshots of the executed state")
struct SnapshotTests {
    private static let interval: UInt64 = 10

    private static func fresh() -> Execution<KeyValueStore> {
        Execution(
            machine: KeyValueStore(),
            sessions: SessionTable(limits: narrowLimits),
            snapshotInterval: interval
        )
    }

    @Test(
        "a snapshot that is restored goes on as if nobody had stopped, and gives the same roots",
        arguments: 0..<16 as Range<UInt64>
    )
    func continues(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var running = Self.fresh()
        var restored: Execution<KeyValueStore>?
        var opened: [SessionID] = []
        var restorations = 0
        for height in 1...200 as ClosedRange<UInt64> {
            let block = makeBlock(height: height, time: height, ExecutionTests.randomCommands(opened, &random))
            let results = running.execute(block)
            for case .opened(let session) in results.map(\.outcome) { opened.append(session) }
            if var other = restored {
                #expect(other.execute(block) == results, "seed \(seed), height \(height)")
                #expect(other.executed == running.executed, "seed \(seed), height \(height)")
                #expect(other.sessions.encoded == running.sessions.encoded, "seed \(seed), height \(height)")
                #expect(other.executedCommands == running.executedCommands, "seed \(seed), height \(height)")
                #expect(other.trail.point == running.trail.point, "seed \(seed), height \(height)")
                restored = other
            }
            guard let point = running.trail.point else { continue }
            #expect(height.isMultiple(of: Self.interval))
            let source = random.chance(oneIn: 2) ? running : (restored ?? running).frozen()
            restored = try .restored(KeyValueStore(), from: source.content, at: point, interval: Self.interval)
            #expect(restored?.executed == running.executed, "seed \(seed), height \(height)")
            restorations += 1
        }
        #expect(restorations == 20 && running.executedCommands > 50, "seed \(seed)")
    }

    @Test("the digest of a height with a snapshot is that of the digest before and the root")
    func digest() throws {
        var execution = Self.fresh()
        for height in 1...9 as ClosedRange<UInt64> {
            _ = execution.execute(makeBlock(height: height))
            #expect(execution.trail.point == nil)
        }
        var without = Execution(
            machine: KeyValueStore(),
            sessions: execution.sessions,
            executed: execution.executed,
            snapshotInterval: 1_000
        )
        _ = execution.execute(makeBlock(height: 10, [.openSession(nonce: 1)]))
        _ = without.execute(makeBlock(height: 10, [.openSession(nonce: 1)]))
        let point = try #require(execution.trail.point)
        #expect(point.height == Height(10) && point.before == without.executed.digest)
        #expect(point.root == execution.snapshotRoot() && point.root != .zero)
        #expect(execution.executed == point.executed)
        #expect(
            Digest.hash(of: Array("hotstuff/execu/1".utf8) + point.before.bytes + point.root.bytes)
                == execution.executed.digest
        )
        #expect(execution.frozen().trail.point == point)
    }

    @Test("a state of several chunks has the root of its chunks, however it is cut into pieces")
    func chunks() {
        var execution = Execution(machine: KeyValueStore())
        _ = execution.execute(makeBlock(height: 1, [.openSession(nonce: 1)]))
        for number in 0..<13 as Range<UInt8> {
            let value = [UInt8](repeating: number, count: KeyValueCommand.maximumValueByteCount - Int(number))
            let body = KeyValueCommand.put(key: [number], value: value).encoded
            _ = execution.execute(
                makeBlock(height: UInt64(number) + 2, [command(session(1), UInt64(number) + 1, body)])
            )
        }
        let content = execution.content
        #expect(content.count > 2 << 20)
        var expected: [Digest] = []
        for start in stride(from: 0, to: content.count, by: 1 << 20) {
            let chunk = content[start..<min(start + 1 << 20, content.count)]
            expected.append(Digest.hash(of: Array("hotstuff/chunk/1".utf8) + chunk))
        }
        for size in [1_000, 1 << 20, (1 << 20) - 1, content.count] {
            var chunks = SnapshotChunks()
            var completed = 0
            for start in stride(from: 0, to: content.count, by: size) {
                chunks.append(Array(content[start..<min(start + size, content.count)])) { completed += $0.count }
            }
            chunks.finish { completed += $0.count }
            #expect(chunks.digests == expected && completed == content.count, "pieces of \(size)")
            #expect(SnapshotChunks.root(of: expected, byteCount: UInt64(content.count)) == execution.snapshotRoot())
        }
    }

    @Test("no damaged content is taken, whatever it says, and none traps", arguments: 0..<8 as Range<UInt64>)
    func damaged(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var execution = Self.fresh()
        var opened: [SessionID] = []
        for height in 1...30 as ClosedRange<UInt64> {
            let results = execution.execute(makeBlock(height: height, ExecutionTests.randomCommands(opened, &random)))
            for case .opened(let session) in results.map(\.outcome) { opened.append(session) }
        }
        let point = try #require(execution.trail.point)
        let content = execution.content
        func isRefused(_ bytes: [UInt8]) -> Bool {
            (try? Execution.restored(KeyValueStore(), from: bytes, at: point, interval: Self.interval)) == nil
        }
        #expect(!isRefused(content))
        for offset in content.indices {
            var changed = content
            changed[offset] ^= 1 << UInt8(random.below(8))
            #expect(isRefused(changed), "seed \(seed), offset \(offset)")
            if offset.isMultiple(of: 7) { #expect(isRefused(Array(content[..<offset])), "seed \(seed)") }
        }
        for _ in 0..<2_000 {
            let changed = random.mutated(content, donor: content)
            if changed != content { #expect(isRefused(changed), "seed \(seed)") }
        }
        #expect(throws: SnapshotError.trailingBytes(1)) {
            _ = try Execution.restored(KeyValueStore(), from: content + [0], at: point, interval: Self.interval)
        }
        #expect(throws: SnapshotError.contradictory("no snapshot is due at height 30")) {
            _ = try Execution.restored(KeyValueStore(), from: content, at: point, interval: 7)
        }
        let other = SnapshotPoint(height: point.height, before: point.before, root: .zero)
        #expect(throws: SnapshotError.unfaithful) {
            _ = try Execution.restored(KeyValueStore(), from: content, at: other, interval: Self.interval)
        }
    }

    @Test("a machine without snapshots goes on, with roots of zero, and is not restored")
    func notOffered() throws {
        var execution = Execution(machine: RecordingMachine(), snapshotInterval: 1)
        _ = execution.execute(makeBlock(height: 1))
        let point = try #require(execution.trail.point)
        #expect(point.root == .zero)
        #expect(throws: SnapshotError.notOffered) {
            _ = try Execution.restored(RecordingMachine(), from: execution.content, at: point, interval: 1)
        }
    }

    @Test("a session whose numbers leap leaves results below its window, and is restored all the same")
    func leapingNumbers() throws {
        var running = Self.fresh()
        let opened = running.execute(makeBlock(height: 1, [.openSession(nonce: 7)]))
        guard case .opened(let session) = opened[0].outcome else {
            Issue.record("no session")
            return
        }
        let width = UInt64(narrowLimits.windowWidth)
        for height in 2...Self.interval {
            let block = makeBlock(height: height, [command(session, (height - 1) * width, [1])])
            guard case .executed = running.execute(block)[0].outcome else {
                Issue.record("number \((height - 1) * width) is refused")
                return
            }
        }
        let point = try #require(running.trail.point)
        let restored = try Execution.restored(
            KeyValueStore(),
            from: running.content,
            at: point,
            interval: Self.interval
        )
        #expect(restored.sessions.encoded == running.sessions.encoded && restored.executed == running.executed)
    }
}
