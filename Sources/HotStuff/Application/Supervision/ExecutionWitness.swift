/// A command that the application is about to execute.
public struct WitnessedCommand: Hashable, Sendable {
    /// Its key.
    public let key: CommandKey
    /// The digest of the command with all its bytes.
    public let digest: Digest
    /// Its place among the commands of its block that the application executes.
    public let index: Int

    /// Creates the description of a command.
    public init(key: CommandKey, digest: Digest, index: Int) {
        self.key = key
        self.digest = digest
        self.index = index
    }
}

/// Who knows, when the application crashes, what it was executing.
///
/// A trap takes the whole process along, so a witness notes where that does not reach, before it returns. It cannot fail: what it
/// cannot note it forgets. It must not change what is executed.
public protocol ExecutionWitness: Sendable {
    /// Some commands of one block are about to be executed, of which there is at least one.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - first: the first of them.
    ///   - height: the height of their block.
    /// - Returns: whether they are to be executed one by one, each announced by `willExecute(_:at:)`.
    func willExecute(_ count: Int, from first: WitnessedCommand, at height: Height) -> Bool

    /// One command is about to be executed, alone.
    func willExecute(_ command: WitnessedCommand, at height: Height)

    /// The application has executed all commands of a block that were announced.
    func didExecute(at height: Height)

    /// No block waits for execution at the moment.
    func rest()

    /// Executing all that should have been executed was given up for another reason than the application; `rest` if it does not say.
    func giveUp()
}

extension ExecutionWitness {
    /// The same as `rest`.
    public func giveUp() { rest() }
}
