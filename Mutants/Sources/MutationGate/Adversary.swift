internal import Foundation
internal import HotStuffSimulator

/// Who looks for faults: a way to make runs of seeds.
protocol Adversary: Sendable {
    /// Its name in the catalogue, on the command line and in reports.
    var name: String { get }

    /// How many of its seeds are tried.
    var seedCount: SeedCount { get }

    /// Lives through a seed.
    ///
    /// - Parameters:
    ///   - seed: decides everything.
    ///   - trace: gets a line for everything that happens, if somebody reads it.
    /// - Returns: what was caught first; nothing if all went well.
    func hunt(seed: UInt64, trace: ((String) -> Void)?) -> Finding?
}

/// How many seeds a budget holds.
struct SeedCount {
    let small: UInt64
    let full: UInt64

    /// Of an adversary that may catch anything.
    static let ofManyKinds = SeedCount(small: 20, full: 200)

    subscript(budget: Budget) -> UInt64 {
        switch budget {
        case .small: small
        case .full: full
        }
    }
}

/// What is wrong with a run.
struct Finding {
    /// The kind of the violation, or `liveness`.
    let kind: String
    /// What happened, in one sentence.
    let detail: String
}

/// Random runs, all options drawn from the seed.
struct RandomAdversary: Adversary {
    let name = "random"
    let seedCount = SeedCount.ofManyKinds

    func hunt(seed: UInt64, trace: ((String) -> Void)?) -> Finding? {
        Finding(SeedRun(seed: seed, trace: trace))
    }
}

/// Runs in which an adversary plays for two chains, move by move.
struct GuidedAdversary: Adversary {
    let name = "guided"
    let seedCount = SeedCount.ofManyKinds

    func hunt(seed: UInt64, trace: ((String) -> Void)?) -> Finding? {
        let run = GuidedRun(seed: seed, trace: trace)
        return run.violations.first.map { Finding(kind: $0.kind.rawValue, detail: $0.detail) }
    }
}

/// The same runs, in which broken promises, rules and locks are overlooked, to see which fault leads to a fork.
struct ForkAdversary: Adversary {
    let name = "forks"
    let seedCount = SeedCount.ofManyKinds

    func hunt(seed: UInt64, trace: ((String) -> Void)?) -> Finding? {
        let run = GuidedRun(seed: seed, onlyForks: true, trace: trace)
        return run.violations.first.map { Finding(kind: $0.kind.rawValue, detail: $0.detail) }
    }
}

/// Scenarios written by hand; the seed is the place among their files.
struct ScenarioAdversary: Adversary {
    let name = "scenario"
    var seedCount: SeedCount { SeedCount(small: UInt64(Self.files.count), full: UInt64(Self.files.count)) }
    /// The files, in order.
    static let files: [URL] = {
        let folder = URL(filePath: "Tests/HotStuffSimulatorTests/Scenarios")
        let files = try? FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        return (files ?? []).sorted { $0.path < $1.path }
    }()

    func hunt(seed: UInt64, trace: ((String) -> Void)?) -> Finding? {
        guard (1...UInt64(max(1, Self.files.count))).contains(seed),
            let file = Self.files.dropFirst(Int(seed) - 1).first,
            let text = try? String(contentsOf: file, encoding: .utf8)
        else { return nil }
        return ScenarioRun(text: text, trace: trace).failure.map {
            Finding(kind: "scenario", detail: "\(file.lastPathComponent):\($0.line): \($0.text): \($0.detail)")
        }
    }
}

/// Random runs with one thing in them that only some runs should have.
struct CircumstanceAdversary: Adversary {
    let circumstance: Circumstance

    var name: String { circumstance.rawValue }

    var seedCount: SeedCount {
        switch circumstance {
        // What a few liars can do is much.
        case .fewLiars: SeedCount(small: 102, full: 204)
        // A liar must be among the few who are asked, and lie about the right thing.
        case .falseSnapshots: SeedCount(small: 40, full: 80)
        case .tornWrites: SeedCount(small: 12, full: 60)
        case .reputations: SeedCount(small: 20, full: 60)
        case .lossyLinks, .slowLinks, .slowExecution, .blackouts, .unsynced, .badDisks, .falseRanges, .repetition,
            .contradiction,
            .divergence:
            SeedCount(small: 4, full: 20)
        }
    }

    func hunt(seed: UInt64, trace: ((String) -> Void)?) -> Finding? {
        Finding(SeedRun(seed: seed, circumstance: circumstance, trace: trace))
    }
}

extension Finding {
    init?(_ run: SeedRun) {
        if let violation = run.violations.first {
            self.init(kind: violation.kind.rawValue, detail: violation.detail)
        } else if let failure = run.livenessFailure {
            self.init(kind: "liveness", detail: failure)
        } else {
            return nil
        }
    }
}

/// All adversaries.
enum Adversaries {
    /// Those that the gate sends out.
    static let all: [any Adversary] =
        [RandomAdversary(), GuidedAdversary(), ScenarioAdversary()]
        + Circumstance.allCases.map(CircumstanceAdversary.init)

    /// The one of a name; besides those of the gate one that answers another question.
    static func named(_ name: String) -> (any Adversary)? {
        (all + [ForkAdversary()]).first { $0.name == name }
    }
}
