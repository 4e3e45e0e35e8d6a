import SwiftUI

/// Data, settings, training, test and sharing, from top to bottom.
struct TrainingView: View {
    @ObservedObject var session: Session

    var body: some View {
        NavigationStack {
            Form {
                DataSection(session: session)
                SettingsSection(session: session)
                RunSection(session: session)
                ResultSection(session: session)
            }
            .scrollDismissesKeyboard(.interactively)
            .navigationTitle(AppSettings.title)
            .alert("That did not work", isPresented: isProblemShown) {
                Button("OK", role: .cancel) {}
            } message: {
                Text(session.problem ?? "")
            }
        }
    }

    private var isProblemShown: Binding<Bool> {
        Binding(get: { session.problem != nil }, set: { if !$0 { session.problem = nil } })
    }
}

/// The images, as they become ready, and the model, as it is compiled.
struct DataSection: View {
    @ObservedObject var session: Session

    var body: some View {
        Section {
            LabeledContent("Images", value: count)
            if session.activity == .preparing {
                ProgressView(value: Double(session.prepared), total: Double(total))
                    .accessibilityLabel("Preparing images")
            }
            LabeledContent("Model", value: model)
        } header: {
            Text(AppSettings.datasetTitle)
        } footer: {
            Text(AppSettings.datasetLicence)
        }
    }

    private var total: Int { AppSettings.trainingImages + AppSettings.testImages }

    private var count: String {
        session.activity == .preparing
            ? "\(session.prepared.formatted()) of \(total.formatted())"
            : "\(session.trainingCount.formatted()) to train, \(session.testCount.formatted()) to test"
    }

    private var model: String {
        switch session.activity {
        case .preparing: return "waiting"
        case .compiling: return "compiling"
        default: return session.isTrained ? "trained here" : "as exported"
        }
    }
}

/// Training, stopping, and the curve.
struct RunSection: View {
    @ObservedObject var session: Session

    var body: some View {
        Section("Training") {
            if session.activity == .training || session.activity == .stopping {
                Button(session.activity == .stopping ? "Stopping" : "Stop", role: .destructive) {
                    Task { await session.stop() }
                }
                .disabled(session.activity == .stopping)
            } else {
                Button(session.isTrained ? "Train further" : "Train") {
                    Task { await session.train() }
                }
                .disabled(!session.isReady)
            }
            if let startedAt = session.startedAt {
                LabeledContent("Time") {
                    Text(startedAt, style: .timer).monospacedDigit()
                }
            } else if let seconds = session.seconds {
                LabeledContent("Time", value: "\(seconds.formatted(.number.precision(.fractionLength(1)))) seconds")
            }
            if let loss = session.curve.loss {
                LabeledContent("Loss", value: loss.formatted(.number.precision(.fractionLength(4))))
                LabeledContent("Epochs", value: session.curve.epochs.count.formatted())
                LossChart(curve: session.curve)
            }
        }
    }
}
