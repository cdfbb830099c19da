#include <chrono>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iomanip>
#include <iostream>
#include <map>
#include <string>
#include <thread>
#include <vector>

namespace wake {
struct Boundary { std::string kind; double value; };

class Case {
public:
    explicit Case(std::size_t cells) : u_(cells, 8.0) {
        patches_["inlet"] = {"fixedValue", 8.0};
        patches_["outlet"] = {"zeroGradient", 0.0};
        patches_["ground"] = {"noSlip", 0.0};
    }
    double step(double dt) {
        double residual = 0;
        for (std::size_t i = 1; i + 1 < u_.size(); ++i) {
            double next = u_[i] + dt * (u_[i - 1] - 2 * u_[i] + u_[i + 1]) - dt * 1e-3 * u_[i];
            residual += std::fabs(next - u_[i]);
            u_[i] = next;
        }
        return residual / u_.size();
    }
    double drag(const std::string& patch) const { return patches_.at(patch).value + u_[u_.size() / 2]; }
    const std::vector<double>& field() const { return u_; }
private:
    std::vector<double> u_;
    std::map<std::string, Boundary> patches_;
};
}

int main(int argc, char** argv) {
    const char* out = std::getenv("AZURE_ML_OUTPUT_wake");
    wake::Case wakeCase(5000);
    std::cout << "Starting time loop\n" << std::endl;
    for (int n = 1; n <= 60; ++n) {
        double residual = wakeCase.step(0.2);
        std::this_thread::sleep_for(std::chrono::milliseconds(90));
        std::cout << "Time = " << n << "\nsmoothSolver:  Solving for Ux, Initial residual = " << std::scientific << residual << ", No Iterations " << 2 + n % 3 << "\nExecutionTime = " << std::fixed << std::setprecision(2) << n * 21.4 << " s\n" << std::endl;
        if (n % 20 == 0) std::ofstream(std::string(out) + "/U_" + std::to_string(n)) << wakeCase.field()[100] << "\n";
    }
    std::ofstream forces(std::string(out) + "/forces.dat");
    for (const char* patch : {"inlet", "ground", "blade"}) forces << patch << "\t" << wakeCase.drag(patch) << "\n";
    std::cout << "End\n" << std::endl;
    return argc > 9;
}
