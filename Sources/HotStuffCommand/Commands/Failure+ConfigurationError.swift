import HotStuffConfiguration

extension Failure {
    /// The failure that a mistake in a file is, in the words of the one who read it.
    init(_ error: ConfigurationError) {
        let status: ProgramStatus =
            switch error.kind {
            case .malformed: .data
            case .missing: .noInput
            case .contradictory: .configuration
            case .notPermitted: .noPermission
            case .notCreated: .cannotCreate
            case .inputOutput: .inputOutput
            case .keyNotMade: .software
            case .noPorts: .unavailable
            }
        self.init(status, error.problem, advice: error.advice)
    }
}
