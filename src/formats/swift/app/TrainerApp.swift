import SwiftUI

@main
struct TrainerApp: App {
    @StateObject private var session = Session()

    var body: some Scene {
        WindowGroup {
            ContentView(session: session)
        }
    }
}
