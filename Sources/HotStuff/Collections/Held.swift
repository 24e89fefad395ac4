/// A value that is changed where it is, also inside an option: `held?.change { … }` copies nothing.
@usableFromInline
struct Held<Value: Sendable>: Sendable {
    @usableFromInline var value: Value

    @inlinable
    init(_ value: Value) { self.value = value }

    /// The value, which is moved out.
    @inlinable
    consuming func take() -> Value { value }

    @inlinable
    mutating func change<Result>(_ body: (inout Value) -> Result) -> Result { body(&value) }
}
