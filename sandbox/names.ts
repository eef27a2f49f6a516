// Made-up names for made-up districts: many origins, several spellings, some beyond ASCII.
export const givenNames =
  `Aaliyah Abel Adaeze Adrián Aiko Alejandra Alma Amir Ananya Andre Anselm Arjun Astrid Ayana Beatriz Benicio Bilal Brigid
  Caleb Camila Casey Chidi Chloe Dalia Damian Darnell Deepika Diego Dmitri Eamon Eleni Elias Elodie Emilio Esperanza Fatima
  Felix Fiona Gael Gia Giovanni Hana Hassan Hazel Hugo Ibrahim Ifeoma Imani Inés Isaac Jada Jalen Jasper Jiho Joaquín Josefina
  Kaia Kareem Katya Keanu Khadija Lara Leilani Leo Linh Lorenzo Luz Maeve Malik Marguerite Mateo Mei Mikael Minh Nadia Naveen
  Nia Noor Octavia Olu Omar Orla Paloma Pedro Penelope Quentin Rafael Rania Renée Rohan Rosa Ruth Salma Santiago Sasha Selah
  Simone Soren Tadeo Tala Tariq Thandiwe Theo Uma Valentina Viktor Wanjiru Willa Xavier Yara Yusuf Zahra Zeke`
    .split(/\s+/)
    .filter(Boolean);

export const familyNames =
  `Abdi Acosta Adler Aguilar Akintola Albrecht Alvarado Amsel Anaya Appiah Arslan Baptiste Barros Begay Benally Bianchi Boateng
  Bráz Brennan Cardozo Castillo Chandra Chaudhry Cheng Cisneros Coleman Corrigan Dang Darwish De~la~Cruz Diallo Dominguez Dubois
  Ekwueme Escobar Farouk Ferreira Fitzgerald Fontaine Garza Ghosh Goldberg Guerrero Gutiérrez Haddad Hashimoto Hernández Holm
  Huang Ibarra Iyer Jaramillo Jensen Kapoor Kaur Keita Kim Kowalski Lam Larsen Lozano Mahmoud Maldonado Mbeki McAllister Mehta
  Mendoza Molina Moreno Mwangi Nair Navarro Nguyen Novak O'Rourke Obi Ochoa Olsen Ortega Osei Padilla Park Petrov Pham Quiroga
  Rahman Ramos Reyes Rivera Romero Rossi Saito Salazar Santos Schneider Sharma Sokolov St.~Clair Suzuki Tadesse Takahashi Torres
  Tran Vang Vargas Villanueva Wachira Walsh Weber Wójcik Wong Yamamoto Yoder Zamora Zhao Zuniga`
    .split(/\s+/)
    .filter(Boolean)
    .map((name) => name.replaceAll('~', ' '));

/** Lower-case ASCII letters of a name, as districts write addresses. */
export function asciiLetters(name: string): string {
  return name
    .normalize('NFD')
    .toLowerCase()
    .replace(/ł/g, 'l')
    .replace(/[^a-z]/g, '');
}
