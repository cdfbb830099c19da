import java.io.*;
import java.nio.file.*;
import java.util.*;

/** Rutas de reparto: mejora local por zonas. */
public class Ruta {
    static void espera(int segundos) throws Exception {
        new ProcessBuilder("sleep", String.valueOf(segundos)).start().waitFor();
    }

    static double mejora(int zona, int[] paradas) {
        double total = 0;
        for (int i = 0; i + 1 < paradas.length; i++) {
            total += Math.abs(paradas[i] - paradas[i + 1]);
        }
        return total / (1 + zona);
    }

    public static void main(String[] argumentos) throws Exception {
        Path salida = Paths.get(System.getenv("AZURE_ML_OUTPUT_rutas"));
        Random azar = new Random(5);
        System.out.println("INFO  zonas=14 vehiculos=31");
        System.err.println("SLF4J: No SLF4J providers were found.");
        System.err.println("SLF4J: Defaulting to no-operation (NOP) logger implementation");
        for (int zona = 1; zona <= 14; zona++) {
            espera(150);
            int[] paradas = azar.ints(40, 0, 1000).toArray();
            double km = 0;
            for (int i = 1; i < paradas.length; i++) km += Math.abs(paradas[i] - paradas[i - 1]) / 10.0;
            if (zona == 11) km = mejora(zona, paradas);
            Files.writeString(salida.resolve("zona_" + zona + ".csv"), "zona,km\n" + zona + "," + km + "\n");
            System.out.println("INFO  zona " + zona + " -> " + km + " km");
        }
        System.out.println("INFO  fin");
    }
}
