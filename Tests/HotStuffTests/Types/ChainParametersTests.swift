import HotStuff
import Testing

@Suite("Chain parameters")
struct ChainParametersTests {
    /// One parameter with its range, the others being as given.
    struct Range: Sendable, CustomTestStringConvertible {
        let name: String
        let least: UInt64
        let most: UInt64
        let base: ChainParameters
        let change: @Sendable (inout ChainParameters, UInt64) -> Void

        var testDescription: String { "\(name) with maximumCommandBytes \(base.maximumCommandBytes)" }

        init(
            _ name: String,
            _ least: UInt64,
            _ most: UInt64,
            base: ChainParameters = ChainParameters(),
            change: @escaping @Sendable (inout ChainParameters, UInt64) -> Void
        ) {
            self.name = name
            self.least = least
            self.most = most
            self.base = base
            self.change = change
        }

        static let all: [Range] = [
            Range("maximumCommandsPerBlock", 1, 65_536) { $0.maximumCommandsPerBlock = UInt32($1) },
            Range("maximumCommandBytes", 1, 4_194_304, base: ChainParameters(maximumPayloadBytes: 8_388_608)) {
                $0.maximumCommandBytes = UInt32($1)
            },
            Range("maximumPayloadBytes", 65_564, 8_388_608) { $0.maximumPayloadBytes = UInt32($1) },
            Range("maximumPayloadBytes", 29, 8_388_608, base: ChainParameters(maximumCommandBytes: 1)) {
                $0.maximumPayloadBytes = UInt32($1)
            },
            Range("maximumPayloadBytes", 4_194_332, 8_388_608, base: ChainParameters(maximumCommandBytes: 4_194_304)) {
                $0.maximumPayloadBytes = UInt32($1)
            },
            Range("maximumClockDriftMilliseconds", 1, 86_400_000) { $0.maximumClockDriftMilliseconds = $1 },
            Range("maximumExecutionLag", 1, 512) { $0.maximumExecutionLag = $1 },
            Range("snapshotInterval", 1, 1_000_000_000) { $0.snapshotInterval = $1 },
        ]
    }

    private func fault(_ range: Range, _ value: UInt64) -> String? {
        var parameters = range.base
        range.change(&parameters, value)
        return parameters.fault
    }

    @Test("the defaults are in order")
    func defaults() { #expect(ChainParameters().fault == nil) }

    @Test("both ends of a range are allowed, what lies beyond is named with the range", arguments: Range.all)
    func edges(range: Range) throws {
        #expect(fault(range, range.least) == nil)
        #expect(fault(range, range.most) == nil)
        for value in [0, range.least - 1, range.most + 1, UInt64(UInt32.max)] {
            let clause = try #require(fault(range, value), "\(value) is allowed")
            #expect(clause == "\(range.name) is \(value), allowed are \(range.least) to \(range.most)")
        }
    }

    @Test("the largest numbers there are fail like others")
    func largest() {
        #expect(ChainParameters(maximumClockDriftMilliseconds: .max).fault != nil)
        #expect(ChainParameters(maximumExecutionLag: .max).fault != nil)
        #expect(ChainParameters(snapshotInterval: .max).fault != nil)
        #expect(ChainParameters(maximumCommandBytes: .max, maximumPayloadBytes: .max).fault != nil)
    }

    @Test("a command of the longest allowed body fits into a block")
    func longestCommandFits() {
        for bytes: UInt32 in [1, 1_000, 4_194_304] {
            let least = ChainParameters(maximumCommandBytes: bytes, maximumPayloadBytes: bytes + 28)
            #expect(least.fault == nil)
            let key = CommandKey(session: .none, sequence: 1)
            let command = Command(key: key, body: Array(repeating: 0, count: Int(bytes)))
            #expect(Payload([command]).encodedSize == Int(least.maximumPayloadBytes))
        }
    }
}
