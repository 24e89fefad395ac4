package import HotStuffStorage
internal import Synchronization

#if canImport(Darwin)
internal import Darwin
#elseif canImport(Glibc)
internal import Glibc
#endif

/// A directory in memory that loses what was not synced, tears, rots, fills up, and fails when told to.
///
/// An operation takes time for the bytes that it moves, however long the file is; only reports, and a loss of power, look
/// at more.
package final class SimulatedDisk: Disk {
    /// A failure to come.
    package struct Fault: Sendable {
        /// The operation that fails.
        package var operation: DiskError.Operation
        /// The error number.
        package var code: Int32
        /// How many such operations succeed first.
        package var after: Int
        /// How many bytes of a failing write get into the file.
        package var keeping: Int
        /// Whether a failing sync is as if it had not been asked for: what was pending stays so.
        package var leavesPending: Bool

        /// Creates a failure to come.
        ///
        /// - Parameters:
        ///   - operation: the operation that fails.
        ///   - code: the error number.
        ///   - after: how many such operations succeed first.
        ///   - keeping: how many bytes of a failing write get into the file.
        ///   - leavesPending: whether a failing sync leaves what was pending pending.
        package init(
            operation: DiskError.Operation,
            code: Int32,
            after: Int = 0,
            keeping: Int = 0,
            leavesPending: Bool = false
        ) {
            self.operation = operation
            self.code = code
            self.after = after
            self.keeping = keeping
            self.leavesPending = leavesPending
        }
    }

    struct State: Sendable {
        /// All files that ever were; a name leads to a place in here.
        var contents: [SimulatedContent] = []
        var names: [String: Int] = [:]
        /// What the directory was at its last sync and after each change since.
        var history: [[String: Int]] = [[:]]
        var locks: [Int: ObjectIdentifier] = [:]
        var faults: [Fault] = []
        /// How many operations have failed since somebody asked.
        var failures = 0
        var capacity = Int.max
        /// The space that was taken for files before they needed it.
        var reserved: [Int: Int] = [:]
        /// Grows when the machine or the process dies: older handles are dead.
        var generation = 0
        /// The operations, if anyone wants to know.
        var log: [String]?
        var beforeSync: (@Sendable () -> Void)?

        /// Notes an operation, and gives the fault that it meets.
        mutating func meet(_ operation: DiskError.Operation, _ name: String) -> Fault? {
            log?.append(name.isEmpty ? operation.rawValue : "\(operation.rawValue) \(name)")
            guard !faults.isEmpty, let index = faults.firstIndex(where: { $0.operation == operation }) else {
                return nil
            }
            guard faults[index].after == 0 else {
                faults[index].after -= 1
                return nil
            }
            failures += 1
            return faults.remove(at: index)
        }

        /// Makes an empty file; its name is not durable yet.
        mutating func make(_ name: String) -> Int {
            contents.append(SimulatedContent())
            names[name] = contents.count - 1
            history.append(names)
            return contents.count - 1
        }

        /// How far a file may grow.
        func room(for inode: Int) -> Int {
            guard capacity < .max else { return .max }
            let others = Set(names.values).reduce(0) { sum, other in
                other == inode ? sum : sum + max(contents[other].visible.count, reserved[other] ?? 0)
            }
            return max(reserved[inode] ?? 0, capacity - others)
        }
    }

    /// The path of the directory, for people.
    package let path = "/simulated"
    private let state: Mutex<State>

    /// Creates an empty directory.
    ///
    /// - Parameter keepsLog: whether `takeLog()` will be asked for the operations.
    package init(keepsLog: Bool = false) {
        state = Mutex(State(log: keepsLog ? [] : nil))
    }

    /// The path of a file, for people.
    package func path(of name: String) -> String { "/simulated/\(name)" }

    /// The names of all files, sorted.
    package func names() throws(DiskError) -> [String] {
        try perform(.listDirectory, "") { state throws(DiskError) in state.names.keys.sorted() }
    }

    /// Whether a file of that name exists.
    package func exists(_ name: String) throws(DiskError) -> Bool {
        try perform(.inspect, name) { state throws(DiskError) in state.names[name] != nil }
    }

    /// Opens a file for reading and writing.
    package func open(_ name: String, _ mode: DiskOpenMode) throws(DiskError) -> SimulatedFile {
        let (inode, generation) = try perform(.open, name) { state throws(DiskError) in
            switch (mode, state.names[name]) {
            case (.existing, nil): throw missing(.open, name)
            case (.createEmpty, let inode?):
                state.contents[inode].change(.truncate(0))
                state.reserved[inode] = nil
                return (inode, state.generation)
            case (.existing, let inode?), (.createIfMissing, let inode?): return (inode, state.generation)
            case (.createIfMissing, nil), (.createEmpty, nil): return (state.make(name), state.generation)
            }
        }
        return SimulatedFile(self, name: name, inode: inode, generation: generation)
    }

    /// Gives a file another name, in place of the file that had it.
    package func rename(_ name: String, to newName: String) throws(DiskError) {
        try perform(.rename, name) { state throws(DiskError) in
            guard let inode = state.names.removeValue(forKey: name) else { throw missing(.rename, name) }
            state.names[newName] = inode
            state.history.append(state.names)
        }
    }

    /// Removes a file; it stays readable through the handles that are open.
    package func remove(_ name: String) throws(DiskError) {
        try perform(.remove, name) { state throws(DiskError) in
            guard state.names.removeValue(forKey: name) != nil else { throw missing(.remove, name) }
            state.history.append(state.names)
        }
    }

    /// Makes the names of the directory durable.
    package func syncDirectory() throws(DiskError) {
        try perform(.syncDirectory, "") { state throws(DiskError) in
            if state.history.count > 1 { state.history = [state.names] }
        }
    }

    /// Carries an operation out, or fails as told.
    private func perform<Result: Sendable>(
        _ operation: DiskError.Operation,
        _ name: String,
        _ body: (inout State) throws(DiskError) -> Result
    ) throws(DiskError) -> Result {
        try withState { state throws(DiskError) in
            if let fault = state.meet(operation, name) {
                throw DiskError(operation: operation, path: path(of: name), code: fault.code)
            }
            return try body(&state)
        }
    }

    private func missing(_ operation: DiskError.Operation, _ name: String) -> DiskError {
        DiskError(operation: operation, path: path(of: name), code: ENOENT)
    }

    /// Looks behind the scenes.
    func withState<Result: Sendable, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try state.withLock { state throws(Failure) in try body(&state) }
    }
}
