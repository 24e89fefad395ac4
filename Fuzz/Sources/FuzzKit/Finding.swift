/// Ends the program with a reason, which stands in libFuzzer's report before the input.
///
/// A precondition would be silent about it in a release build.
public func fail(_ reason: String) -> Never {
    fatalError(reason)
}

/// Ends the program with a reason unless a condition holds.
public func require(_ condition: Bool, _ reason: @autoclosure () -> String) {
    if !condition { fail(reason()) }
}
