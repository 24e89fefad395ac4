import HotStuff
import Testing

@Suite("The profile of a chain")
struct ChainProfileTests {
    private static func genesis(
        name: String = "a chain",
        powers: [UInt64] = [1, 1, 1, 1],
        scheme: String = "a scheme",
        origin: Origin? = nil,
        _ change: (inout ChainParameters) -> Void = { _ in }
    ) throws -> Genesis {
        var parameters = ChainParameters()
        change(&parameters)
        let validators = try ValidatorSet(
            powers.enumerated().map { Validator(verificationKey: [UInt8($0.offset)], power: VotingPower($0.element)) }
        )
        return Genesis(
            name: name,
            validators: validators,
            signatureScheme: scheme,
            parameters: parameters,
            origin: origin
        )
    }

    private func difference(_ here: Genesis, _ there: Genesis) -> String? {
        let profile = ChainProfile(here)
        return profile.firstDifference(from: ChainProfile(there).parts.map(\.value)).flatMap {
            profile.description(ofDifferenceAt: $0.place, value: $0.value)
        }
    }

    @Test("the part in which two chains differ is named, with both values where they say something")
    func namesThePart() throws {
        let here = try Self.genesis()
        let cases: [(Genesis, String)] = [
            (try Self.genesis { $0.maximumCommandsPerBlock = 7 }, "maximumCommandsPerBlock (400 here, 7 there)"),
            (try Self.genesis { $0.maximumCommandBytes = 7 }, "maximumCommandBytes (65536 here, 7 there)"),
            (try Self.genesis { $0.maximumPayloadBytes = 7 }, "maximumPayloadBytes (1048576 here, 7 there)"),
            (
                try Self.genesis { $0.maximumClockDriftMilliseconds = 7 },
                "maximumClockDriftMilliseconds (10000 here, 7 there)"
            ),
            (try Self.genesis { $0.maximumExecutionLag = 7 }, "maximumExecutionLag (64 here, 7 there)"),
            (try Self.genesis { $0.snapshotInterval = 7 }, "snapshotInterval (10000 here, 7 there)"),
            (try Self.genesis { $0.leaderElection = .weighted }, "leaderElection (roundRobin here, weighted there)"),
            (try Self.genesis { $0.leaderElection = .roundRobin(tenure: 7) }, "leaderTenure (1 here, 7 there)"),
            (
                try Self.genesis { $0.leaderElection = .proofOfWork(difficulty: 16) },
                "leaderElection (roundRobin here, proofOfWork there)"
            ),
            (try Self.genesis { $0.commitRule = .twoChain }, "commitRule (threeChain here, twoChain there)"),
            (try Self.genesis { $0.voteRouting = .nextLeader }, "voteRouting (everyone here, nextLeader there)"),
            (try Self.genesis(powers: [1, 1, 1, 2]), "validators"),
            (try Self.genesis(scheme: "another scheme"), "signatureScheme"),
            (try Self.genesis(name: "another chain"), "name"),
        ]
        for (there, expected) in cases {
            #expect(here.chain != there.chain)
            #expect(difference(here, there) == expected)
        }
        #expect(difference(here, here) == nil)
    }

    @Test("what others tell may be too short, too long or of no sense, and is answered all the same")
    func strangeNumbers() throws {
        let profile = ChainProfile(try Self.genesis())
        let values = profile.parts.map(\.value)
        #expect(values.count <= ChainProfile.maximumCount)
        let missing = profile.firstDifference(from: Array(values.prefix(7)))
        #expect(missing?.place == 7)
        #expect(missing?.value == nil)
        #expect(
            profile.description(ofDifferenceAt: 7, value: nil) == "leaderElection (roundRobin here, unknown there)"
        )
        #expect(
            profile.description(ofDifferenceAt: 7, value: .max)
                == "leaderElection (roundRobin here, number \(UInt64.max) there)"
        )
        #expect(profile.firstDifference(from: values + [9]) == nil)
        #expect(profile.description(ofDifferenceAt: values.count, value: 1) == nil)
        #expect(ChainProfile().firstDifference(from: values) == nil)
    }
}
