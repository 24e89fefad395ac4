import Kernels

/// The kernel that the environment asks for.
enum KernelChoice {
    /// The variable that names one.
    static let variable = "HOTSTUFF_KERNEL"

    /// The kernels up to the one that is preferred: who does not trust this processor with more is spared it also by
    /// measurements.
    static let allowed: [Kernel] = Kernel.available.prefix { $0 != .preferred } + [.preferred]

    /// Checks that this processor runs the kernel that the environment names, if it does.
    ///
    /// The libraries would choose plain Swift instead, which is right and slow; who gave a name should know.
    static func check(_ environment: [String: String]) throws(Failure) {
        guard let name = environment[variable], !name.isEmpty else { return }
        let available = Kernel.available.map(\.rawValue)
        guard !available.contains(name) else { return }
        throw Failure(
            .configuration,
            "\(variable) is \(Failure.quoted(name)) in the environment",
            advice: "this processor runs \(available.joined(separator: ", "))"
        )
    }
}
