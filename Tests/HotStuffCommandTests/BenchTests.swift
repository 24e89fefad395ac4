import HotStuffConfiguration
import Kernels
import PostQuantum
import Testing

@testable import HotStuffCommand

@Suite("The benchmark of cryptography")
struct BenchTests {
    @Test("the median of an even number of times is the mean of the middle two")
    func median() {
        #expect(Stopwatch.median([3]) == 3)
        #expect(Stopwatch.median([9, 1, 5]) == 5)
        #expect(Stopwatch.median([9, 1, 5, 2]) == 3.5)
    }

    @Test("candidates have their turns one after the other, each repeated as often as a turn needs")
    func turns() throws {
        var order: [String] = []
        let stopwatch = Stopwatch(rounds: 3, turnNanoseconds: 0)
        let times = try stopwatch.medianMicroseconds([
            .init { order.append("a\($0)") },
            .init(leastRepetitions: 4) { order.append("b\($0)") },
        ])
        #expect(times.count == 2 && times.allSatisfy { $0 >= 0 })
        // The first two are the calibration.
        #expect(order == ["a1", "b4", "a1", "b4", "a1", "b4", "a1", "b4"])
    }

    @Test("every set, kernel, length and size of a cluster has its row")
    func report() throws {
        let stopwatch = Stopwatch(rounds: 1, turnNanoseconds: 0)
        let report = CryptoReport(
            signatures: try SignatureBenchmark().run(stopwatch) { _ in },
            hashes: try HashBenchmark().run(stopwatch) { _ in },
            certificates: try CertificateBenchmark().run(stopwatch) { _ in },
            work: try WorkBenchmark(threadCounts: [1, 2], duration: .milliseconds(20)).run { _ in }
        )
        let kernels = KernelChoice.allowed.map(\.rawValue)
        #expect(
            report.signatures.map { "\($0.scheme) \($0.implementation)" }
                == kernels.map { "ml-dsa-44 \($0)" } + (kernels + ["swift-crypto"]).map { "ml-dsa-65 \($0)" }
        )
        #expect(
            report.signatures.allSatisfy {
                min($0.signMicroseconds, $0.verifyPreparedMicroseconds, $0.verifyMicroseconds, $0.keygenMicroseconds)
                    > 0
            }
        )
        for bytes in [64, 200, 1_024, 8_192, 65_536, 1_048_576] {
            let rows = report.hashes.filter { $0.bytes == bytes }
            #expect(rows.filter { $0.algorithm == "blake3" }.map(\.kernel) == kernels)
            #expect(rows.filter { $0.algorithm == "sha-256" }.map(\.kernel) == ["swift-crypto"])
            #expect(rows.allSatisfy { $0.gigabytesPerSecond > 0 })
        }
        #expect(report.certificates.map(\.replicas) == [4, 7, 16, 31, 100, 4, 7, 16, 31, 100])
        #expect(report.work.map(\.threads) == [1, 2] && report.work.allSatisfy { $0.millionsPerSecond > 0 })
        #expect(report.certificates.map(\.quorum) == [3, 5, 11, 21, 67, 3, 5, 11, 21, 67])
        try shape(report)
    }

    /// What a program reads.
    private func shape(_ report: CryptoReport) throws {
        guard case .object(let members) = report.json,
            case .list(let signatures) = members["signatures"], case .object(let signature) = signatures.last,
            case .list(let hashes) = members["hashes"], case .object(let hash) = hashes.last,
            case .list(let certificates) = members["certificates"], case .object(let certificate) = certificates.last
        else {
            Issue.record("\(report.json.compactText)")
            return
        }
        #expect(signature["set"] == .string("ml-dsa-65") && signature["kernel"] == .string("swift-crypto"))
        for name in ["signMicroseconds", "verifyPreparedMicroseconds", "verifyMicroseconds", "keygenMicroseconds"] {
            #expect(signature[name] != nil, "\(name)")
        }
        #expect(signature["timesSwiftCryptoSign"] == .number(1))
        #expect(hash["algorithm"] == .string("sha-256") && hash["timesSHA256"] == .number(1))
        #expect(hash["gigabytesPerSecond"] != nil && hash["bytes"] == .integer(1_048_576))
        #expect(certificate["replicas"] == .integer(100) && certificate["quorum"] == .integer(67))
        #expect(certificate["set"] == .string("ml-dsa-65") && certificate["microseconds"] != nil)
        #expect(report.text.contains("ml-dsa-44   swift"))
    }

    @Test("a kernel that the environment names is one that the processor runs")
    func kernelChoice() throws {
        for environment in [[:], ["HOTSTUFF_KERNEL": ""], ["HOTSTUFF_KERNEL": "swift"]] {
            try KernelChoice.check(environment)
        }
        for name in ["AVX2", "neon", "swift "] {
            do throws(Failure) {
                try KernelChoice.check(["HOTSTUFF_KERNEL": name])
                Issue.record("\(name) is accepted")
            } catch {
                #expect(error.status == .configuration)
                #expect(error.line.contains("HOTSTUFF_KERNEL is \"\(name)\"") && error.line.contains("swift"))
            }
        }
    }

    @Test("a table is as wide as its cells, numbers on the right")
    func table() {
        let table = TextTable(
            header: ["what", "count"],
            note: "a note",
            rows: [["x", "1"], ["longer", "1,234,567"]]
        )
        #expect(table.text == "what        count\nx               1\nlonger  1,234,567\na note")
    }
}
