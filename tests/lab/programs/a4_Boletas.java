import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;

/** Genera el libro mayor de boletas de honorarios por comuna. */
public class Boletas {
    private static final String[] COMUNAS = {"Ñuñoa", "Maipú", "La Florida", "Providencia", "Quilicura", "Macul", "Renca"};

    static void info(String clase, String mensaje) {
        System.out.println("INFO  [main] " + clase + " - " + mensaje);
    }

    static int escribir(BufferedWriter libro, String comuna, Random azar) throws IOException {
        int n = 150 + azar.nextInt(120);
        for (int i = 0; i < n; i++) {
            long bruto = 40_000 + azar.nextInt(900_000);
            libro.write(String.format(Locale.ROOT, "%s;%06d;%d;%d%n", comuna, i, bruto, Math.round(bruto * 0.145)));
        }
        return n;
    }

    public static void main(String[] args) throws Exception {
        Path carpeta = Path.of(System.getenv("AZURE_ML_OUTPUT_libro"));
        System.err.println("SLF4J: Failed to load class \"org.slf4j.impl.StaticLoggerBinder\".");
        System.err.println("SLF4J: Defaulting to no-operation (NOP) logger implementation");
        info("Boletas", "libro mayor, " + COMUNAS.length + " comunas");
        BufferedWriter libro = Files.newBufferedWriter(carpeta.resolve("libro_mayor.csv"));
        libro.write("comuna;folio;bruto;retencion\n");
        Random azar = new Random(1810);
        int total = 0;
        for (String comuna : COMUNAS) {
            Thread.sleep(700);
            int n = escribir(libro, comuna, azar);
            total += n;
            info("Boletas", comuna + ": " + n + " boletas");
        }
        info("Boletas", "libro_mayor.csv: " + total + " boletas");
        info("Boletas", "fin");
    }
}
